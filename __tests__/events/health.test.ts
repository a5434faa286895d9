/** @express4 a promise in a route */
import express from 'express'
import request from 'supertest'
import { geetest, MemoryStore, type GeetestOptions, type Kept, type TicketStore } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, errorsAsJson, sessions } from '../support/site'
import { fakeWorld, until } from '../support/world'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})

/** A site with a health route, on a clock of the test's own. */
function open(options: Partial<GeetestOptions> = {}) {
  const world = fakeWorld()
  const store = new MemoryStore({ now: world.now })
  const captcha = geetest({ ...credentials(simulator), scene: 'login', store, ...options }, world)
  const app = express().use(sessions(), captcha)
  app.get('/health', (_req, res, next) => {
    captcha.health().then((health) => res.json(health), next)
  })
  const health = async () => (await request(app).get('/health').expect(200)).body
  const issue = () => request(app).get('/getcaptcha').expect(200)
  return { world, store, captcha, app, health, issue }
}

test('health() says that all is well, since when, and by which calls', async () => {
  const { health, issue, world } = open()
  const since = world.time
  await issue()
  world.advance(1_000)
  expect(await health()).toEqual({
    status: 'ok',
    scene: 'login',
    mode: 'up',
    since,
    window: { calls: 1, lost: 0 },
    endpoints: {
      validate: { mode: 'up', window: { calls: 0, lost: 0 } },
      register: { mode: 'up', window: { calls: 1, lost: 0 } },
    },
    store: 'ok',
    storeMs: 0,
  })
})

describe('health(), while the cloud fails,', () => {
  beforeEach(() => simulator.fault('500', { endpoint: 'register' }))
  afterEach(() => simulator.fault('none'))

  test('counts the calls of the last ten seconds, and those that were lost', async () => {
    const { health, issue, world } = open()
    await simulator.fault('none')
    for (let i = 0; i < 4; i++) await issue()
    world.advance(5_000)
    await simulator.fault('500', { endpoint: 'register', calls: 1 })
    await issue()
    expect((await health()).window).toEqual({ calls: 5, lost: 1 })
    world.advance(5_000)
    expect((await health()).window).toEqual({ calls: 1, lost: 1 })
    world.advance(5_000)
    expect((await health()).window).toEqual({ calls: 0, lost: 0 })
  })

  test('is degraded and not failing: why, since when, and how the last probe ended', async () => {
    const { health, issue, world, captcha } = open()
    for (let i = 0; i < 3; i++) await issue()
    const down = { status: 'degraded', mode: 'down', since: world.time, cause: 'status', store: 'ok' }
    const before = await health()
    expect(before).toMatchObject({ ...down, window: { calls: 0, lost: 0 } })
    expect(before).not.toHaveProperty('lastProbe')

    world.advance(6_000)
    const probed = world.time
    await until(() => world.waiting > 0)
    expect(await health()).toMatchObject({ ...down, lastProbe: { at: probed, outcome: 'status' } })

    await simulator.fault('none')
    for (let i = 0; i < 2; i++) {
      world.advance(6_000)
      await until(() => world.waiting > 0 || captcha.status.mode === 'up')
    }
    expect(await health()).toMatchObject({ status: 'ok', mode: 'up', lastProbe: { at: world.time, outcome: 'ok' } })
  })
})

test('health() says an operator’s order as the cause', async () => {
  const { health, captcha } = open()
  captcha.force({ mode: 'down', reason: 'drill', seconds: 60 })
  expect(await health()).toMatchObject({ status: 'degraded', mode: 'down', cause: 'forced: drill' })
})

describe('health() is failing', () => {
  const failures: [string, Partial<TicketStore>][] = [
    [
      'throws at put',
      {
        put() {
          throw new Error('away')
        },
      },
    ],
    ['rejects at take', { take: () => Promise.reject(new Error('away')) }],
    ['rejects with nothing', { take: () => Promise.reject(undefined) }],
    ['forgets what it is given', { put: () => undefined }],
    ['answers something else', { take: () => 'spent' }],
  ]
  test.each(failures)('where the store %s', async (_, broken) => {
    const store = new MemoryStore()
    const { health } = open({ store: { put: store.put.bind(store), take: store.take.bind(store), ...broken } })
    expect(await health()).toMatchObject({ status: 'failing', store: 'failed', mode: 'up' })
  })

  test('where the store fails in an outage, too', async () => {
    const { health, captcha } = open({ store: { put: () => Promise.reject(new Error('away')), take: () => undefined } })
    captcha.force({ mode: 'down', reason: 'drill', seconds: 60 })
    expect(await health()).toMatchObject({ status: 'failing', store: 'failed', mode: 'down' })
  })

  test('as long as the store does, and not afterwards', async () => {
    const store = new MemoryStore()
    const take = jest.spyOn(store, 'take').mockImplementation(() => undefined)
    const { health } = open({ store })
    expect(await health()).toMatchObject({ status: 'failing' })
    take.mockRestore()
    expect(await health()).toMatchObject({ status: 'ok' })
  })

  test('within the deadline where the store hangs, and tells how long it waited', async () => {
    const hang = () => new Promise<never>(() => undefined)
    const { captcha, world } = open({ store: { put: hang, take: hang }, timeout: 700 })
    const answer = captcha.health()
    await until(() => world.waiting > 0)
    world.advance(700)
    expect(await answer).toMatchObject({ status: 'failing', store: 'failed', storeMs: 700 })
  })
})

describe('what health() leaves in the store', () => {
  class Noting extends MemoryStore {
    readonly puts: { id: string; record: Kept; ttl: number }[] = []
    override put(id: string, record: Kept, ttl: number, network: string) {
      this.puts.push({ id, record, ttl })
      super.put(id, record, ttl, network)
    }
  }

  test('is one short-lived record under an id of this node’s own, however often it is asked', async () => {
    const store = new Noting()
    const [one, other] = [open({ store }), open({ store })]
    for (let i = 0; i < 3; i++) expect([(await one.health()).store, (await other.health()).store]).toEqual(['ok', 'ok'])
    expect(store.size).toBe(2)
    expect(Math.max(...store.puts.map(({ ttl }) => ttl))).toBeLessThanOrEqual(60_000)
  })

  test('opens no guard: neither as a pass nor as a ticket', async () => {
    const store = new Noting()
    const { app, captcha, health } = open({ store })
    app.post('/login', captcha.validate(), (_req, res) => void res.end()).use(errorsAsJson)
    await health()
    const { id, record } = store.puts[0] ?? {}
    expect(record).toMatchObject({ session: '', user: '' })
    const agent = request.agent(app)
    await agent.get('/getcaptcha')
    for (const challenge of [id, `${id}${'0'.repeat(32)}`])
      await agent
        .post('/login')
        .send({ geetest_challenge: challenge, geetest_validate: 'x', geetest_seccode: 'x' })
        .expect(400)
    await agent.post('/login').expect(403)
  })

  test('is looked at once for all who ask at the same time', async () => {
    const store = new Noting()
    const slow: TicketStore = {
      put: (...given) => store.put(...given),
      take: async (id) => {
        await new Promise(setImmediate)
        return store.take(id)
      },
    }
    const { captcha } = open({ store: slow })
    const answers = await Promise.all(Array.from({ length: 20 }, () => captcha.health()))
    expect(answers.every(({ status }) => status === 'ok')).toBe(true)
    expect(store.puts).toHaveLength(1)
  })
})

test('health() given to a route by itself fails and says so, instead of hanging the request', async () => {
  const { captcha } = open()
  const app = express().use(sessions())
  app.get('/health', captcha.health as express.RequestHandler).use(errorsAsJson)
  const { body } = await request(app).get('/health').expect(500)
  expect(body).toEqual({
    code: 'guard_not_called',
    message: expect.stringContaining('captcha.health gives a value and is no handler'),
  })
})
