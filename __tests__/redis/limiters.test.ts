import { RateLimiterRes } from 'rate-limiter-flexible'
import { RedisStore } from '../../lib/redis-store'
import { clientKinds, describeOnRedis } from '../support/redis'
import { cloud, credentials, site, visitor } from '../support/site'
import { fakeWorld } from '../support/world'

describe.each(clientKinds)('limits over %s', (kind) => {
  describeOnRedis('in Redis', (server) => {
    const open = async () => new RedisStore((await server.connect(kind)).client)
    const settings = { keyPrefix: 'failures', points: 2, duration: 60 }

    test('are counted for all nodes together', async () => {
      const [one, other] = [(await open()).limiter(settings), (await open()).limiter(settings)]
      expect(await one.get('a')).toBeNull()
      await one.consume('a')
      await other.consume('a')
      expect(await one.get('a')).toMatchObject({ consumedPoints: 2 })
      const exceeded = await one.consume('a').catch((error: unknown) => error)
      expect(exceeded).toBeInstanceOf(RateLimiterRes)
      expect((exceeded as RateLimiterRes).msBeforeNext).toBeGreaterThan(50_000)
      expect(await other.get('a')).toMatchObject({ consumedPoints: 3, msBeforeNext: expect.any(Number) })
      expect(await other.get('b')).toBeNull()
    })

    test('hold for visitors of a site of several nodes', async () => {
      const simulator = await cloud()
      const nodes = await Promise.all([open(), open()])
      const sites = nodes.map((store) =>
        site({ ...credentials(simulator), store, downtime: 'failback', budgets: { issues: 3 } }),
      )
      for (const { captcha } of sites) captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
      const statuses = []
      for (let i = 0; i < 5; i++) statuses.push((await visitor(sites[i % 2]!.app).get('/getcaptcha')).status)
      expect(statuses).toEqual([200, 200, 200, 429, 429])
      for (const { captcha } of sites) captcha.close()
    })
  })
})

describeOnRedis('limits in a Redis that fails', (server) => {
  test('reject at once where the client is not connected', async () => {
    const { client, close } = await server.connect()
    const limiter = new RedisStore(client).limiter({ keyPrefix: 'x', points: 1, duration: 60 })
    await close()
    await expect(limiter.consume('a')).rejects.toMatchObject({ code: 'not_connected' })
    await expect(limiter.get('a')).rejects.toMatchObject({ code: 'not_connected' })
  })

  test('reject after the deadline where Redis hangs', async () => {
    const world = fakeWorld()
    const { client } = await server.connect()
    const limiter = new RedisStore(client, { timeout: 200 }, world).limiter({ keyPrefix: 'x', points: 1, duration: 60 })
    server.freeze()
    const [consumed, read] = [limiter.consume('a'), limiter.get('a')]
    world.advance(200)
    await expect(consumed).rejects.toMatchObject({ code: 'no_answer' })
    await expect(read).rejects.toMatchObject({ code: 'no_answer' })
    server.thaw()
  })
})
