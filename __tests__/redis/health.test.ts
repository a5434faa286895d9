import { RedisStore } from '../../lib/redis-store'
import { describeOnRedis } from '../support/redis'
import { cloud, credentials, site } from '../support/site'

describeOnRedis('health() on Redis', (server) => {
  async function open() {
    const store = new RedisStore((await server.connect()).client)
    return { store, ...site({ ...credentials(await cloud()), store }) }
  }

  test('is ok for two nodes that ask at once, and leaves nothing that lives long', async () => {
    const nodes = [await open(), await open()]
    const answers = await Promise.all(nodes.map(({ captcha }) => captcha.health()))
    expect(answers.map(({ status, store }) => [status, store])).toEqual([
      ['ok', 'ok'],
      ['ok', 'ok'],
    ])
    const keys = (await server.send('KEYS', '*health:*')) as string[]
    expect(keys).toHaveLength(2)
    for (const key of keys) {
      const left = Number(await server.send('PTTL', key))
      expect(left).toBeGreaterThan(0)
      expect(left).toBeLessThanOrEqual(60_000)
    }
  })

  test('is failing while Redis hangs, and ok when it is back', async () => {
    const { captcha } = await open()
    server.freeze()
    expect(await captcha.health()).toMatchObject({ status: 'failing', store: 'failed', mode: 'up' })
    server.thaw()
    expect(await captcha.health()).toMatchObject({ status: 'ok', store: 'ok' })
  })
})
