import type { CounterSettings, Marks } from '../../lib'
import { RedisStore } from '../../lib/redis-store'
import { clientKinds, describeOnRedis } from '../support/redis'
import { cloud, credentials, site, visitor } from '../support/site'
import { fakeWorld } from '../support/world'

const SETTINGS: CounterSettings = { name: 'failures', ms: 60_000, limit: 2, most: 100 }
const COUNTED: Marks = { own: true, shared: true }
const LOOKED: Marks = { own: false, shared: false }
const AT = { own: ['a', 'b'], shared: 'c' }

describe.each(clientKinds)('limits over %s', (kind) => {
  describeOnRedis('in Redis', (server) => {
    const open = async () => new RedisStore((await server.connect(kind)).client)
    beforeEach(() => server.send('FLUSHALL'))

    test('are counted for all nodes together', async () => {
      const [one, other] = [(await open()).counter(SETTINGS), (await open()).counter(SETTINGS)]
      expect(await one.count(AT, COUNTED)).toMatchObject({ own: [0, 0], shared: 0, demand: { asked: 0 } })
      expect(await other.count(AT, COUNTED)).toMatchObject({
        own: [1, 1],
        shared: 1,
        demand: { asked: 1, reached: [1] },
      })
      expect(await one.count(AT, LOOKED)).toMatchObject({
        own: [2, 2],
        shared: 2,
        demand: { asked: 2, reached: [1, 1] },
      })
    })

    test('count each of many that ask at the same time', async () => {
      const counter = (await open()).counter({ ...SETTINGS, limit: 1000, most: 1000 })
      const seen = await Promise.all(Array.from({ length: 50 }, async () => counter.count(AT, COUNTED)))
      expect(new Set(seen.map(({ shared }) => shared)).size).toBe(50)
    })

    test('count nothing of whom one of the places is at its limit, and say how it stands', async () => {
      const counter = (await open()).counter(SETTINGS)
      for (let i = 0; i < 3; i++) await counter.count({ own: ['a'], shared: 'c' }, COUNTED)
      await counter.count({ own: ['x', 'a'], shared: 'c' }, COUNTED)
      expect(await counter.count({ own: ['x', 'a'], shared: 'c' }, LOOKED)).toMatchObject({ own: [0, 2], shared: 2 })
    })

    test('count the shared place so far and no further', async () => {
      const counter = (await open()).counter({ ...SETTINGS, most: 1 })
      for (let i = 0; i < 2; i++) await counter.count({ own: [], shared: 'c' }, COUNTED)
      expect(await counter.count({ own: [], shared: 'c' }, LOOKED)).toMatchObject({ shared: 1, demand: { asked: 1 } })
    })

    test('count only what is marked', async () => {
      const counter = (await open()).counter(SETTINGS)
      await counter.count(AT, { own: true, shared: false })
      expect(await counter.count(AT, LOOKED)).toMatchObject({ own: [1, 1], shared: 0, demand: { asked: 0 } })
    })

    test('begin anew with the next window, which knows of the one before, and of that one alone', async () => {
      const counter = (await open()).counter(SETTINGS)
      await counter.count(AT, COUNTED)
      for (const place of ['own:a', 'own:b', 'shared:c']) {
        expect(Number(await server.send('PTTL', `geetest:limit:{failures}:${place}`))).toBeLessThanOrEqual(SETTINGS.ms)
      }
      // As if a window had passed.
      const end = () => server.send('HINCRBY', 'geetest:limit:{failures}:now', 'began', String(-SETTINGS.ms))
      await end()
      const first = { asked: 1, reached: [1] }
      expect(await counter.count(AT, LOOKED)).toMatchObject({ demand: { asked: 0 }, before: first })
      expect(await counter.count(AT, LOOKED)).toMatchObject({ demand: { asked: 0 }, before: first })
      await end()
      expect((await counter.count(AT, LOOKED)).before).toEqual({ asked: 0, reached: [] })
    })

    test('are counted for each name by itself', async () => {
      const store = await open()
      const [issues, total] = ['issues', 'totalIssues'].map((name) => store.counter({ ...SETTINGS, name }))
      await issues?.count(AT, COUNTED)
      expect(await total?.count(AT, LOOKED)).toMatchObject({ own: [0, 0] })
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
    const counter = new RedisStore(client).counter(SETTINGS)
    await close()
    await expect(counter.count(AT, COUNTED)).rejects.toMatchObject({ code: 'not_connected' })
    await expect(counter.count(AT, LOOKED)).rejects.toMatchObject({ code: 'not_connected' })
  })

  test('reject after the deadline where Redis hangs', async () => {
    const world = fakeWorld()
    const { client } = await server.connect()
    const counter = new RedisStore(client, { timeout: 200 }, world).counter(SETTINGS)
    server.freeze()
    const [consumed, read] = [counter.count(AT, COUNTED), counter.count(AT, LOOKED)]
    world.advance(200)
    await expect(consumed).rejects.toMatchObject({ code: 'no_answer' })
    await expect(read).rejects.toMatchObject({ code: 'no_answer' })
    server.thaw()
  })
})
