import { RedisStore } from '../../lib/redis-store'
import { describeOnRedis } from '../support/redis'
import { cloud, credentials, site } from '../support/site'
import { eventually, fakeWorld, until } from '../support/world'
import request from 'supertest'

describeOnRedis('nodes in an outage whose Redis comes back empty', (server) => {
  // Falls when: silence on the board is taken for the end of an outage that was measured.
  test('say down until the cloud has answered a probe', async () => {
    const simulator = await cloud()
    const world = fakeWorld()
    const node = async () => {
      const { client } = await server.connect('node-redis 6')
      return site({ ...credentials(simulator), store: new RedisStore(client) }, world)
    }
    const nodes = [await node(), await node()]
    await simulator.fault('500', { endpoint: 'register' })
    for (let i = 0; i < 3; i++)
      await request((nodes[0] as (typeof nodes)[0]).app)
        .get('/getcaptcha')
        .expect(200)
    const modes = () => nodes.map(({ captcha }) => captcha.status.mode)
    await until(() => modes().join() === 'down,down')
    const seen = new Set<string>()
    /** Half a minute in steps, in which every node has its turns. */
    const pass = async () => {
      for (let i = 0; i < 60; i++) {
        world.advance(500)
        for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
        modes().forEach((mode) => seen.add(mode))
      }
    }
    await server.kill()
    await pass()
    await server.start()
    await eventually(async () =>
      (await Promise.all(nodes.map(({ captcha }) => captcha.health()))).every(({ store }) => store === 'ok'),
    )
    await pass()
    expect([...seen]).toEqual(['down'])
    await simulator.fault('none')
    await eventually(async () => {
      world.advance(1000)
      return modes().join() === 'up,up'
    })
  })
})
