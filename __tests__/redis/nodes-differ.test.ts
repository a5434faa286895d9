import { RedisStore } from '../../lib/redis-store'
import { describeOnRedis } from '../support/redis'
import { site } from '../support/site'
import { eventually, fakeWorld } from '../support/world'

const KEYS = {
  captchaId: '0123456789abcdef0123456789abcdef',
  privateKey: 'fedcba9876543210fedcba9876543210',
  apiServer: 'http://127.0.0.1:9',
}

// What the nodes find is in their health; what they say of it would fill what the tests print.
const quiet = { warnings: false } as const

describeOnRedis('nodes on one Redis', (server) => {
  const node = async (
    world: ReturnType<typeof fakeWorld>,
    prefix: string,
    privateKey = KEYS.privateKey,
    login = '',
  ) => {
    const { client } = await server.connect('node-redis 6', login)
    return site({ ...KEYS, ...quiet, privateKey, store: new RedisStore(client, { prefix }) }, world).captcha
  }

  test('find one of another key and one of another prefix, which shares nothing else with them', async () => {
    const world = fakeWorld()
    const all = [
      await node(world, 'geetest:'),
      await node(world, 'geetest:', 'another-key-of-the-site'),
      await node(world, 'staging:'),
    ]
    for (const captcha of all) {
      await eventually(async () => {
        world.advance(1000)
        // In one look: this clock runs faster than Redis answers, so that one of them may be out of hearing in the next.
        const { nodes } = await captcha.health()
        return nodes?.seen === 3 && nodes.differ.join() === 'key,prefix'
      })
    }
    expect(all).toHaveLength(3)
  })

  test('whose user may use keys of their prefix alone meet there', async () => {
    await server.send('ACL', 'SETUSER', 'shop', 'on', '>pass', '~shop:*', '&shop:*', '+@all')
    const world = fakeWorld()
    const all = [
      await node(world, 'shop:', undefined, 'shop:pass@'),
      await node(world, 'shop:', 'another', 'shop:pass@'),
    ]
    for (const captcha of all) {
      await eventually(async () => {
        world.advance(1000)
        return (await captcha.health()).nodes?.differ.join() === 'key'
      })
    }
    expect(all).toHaveLength(2)
  })
})
