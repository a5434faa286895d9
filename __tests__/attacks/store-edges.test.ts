import { inspect } from 'node:util'
import { MemoryStore, type GeetestEvent, type TicketStore } from '../../lib'
import { RedisStore } from '../../lib/redis-store'
import { describeOnRedis } from '../support/redis'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { fakeWorld, until } from '../support/world'

// As long as the machine needs.
jest.setTimeout(180_000)

describe('the error of a store', () => {
  // Falls when: whatever a client hangs on its errors, or quotes in them, is handed to whoever logs events.
  test('attack 45: is told without what the store was asked', async () => {
    const simulator = await cloud()
    const memory = new MemoryStore()
    const asked: string[] = []
    const store: TicketStore = {
      put(id, record, ttl, network) {
        asked.push(id, record.session, record.user)
        const text = JSON.stringify(record)
        const error = new Error(`ERR unknown command 'SET', with args beginning with: '${id}' '${text}'`)
        const cause = Object.assign(new Error(`no room for ${record.session} of ${network}`), { args: [text] })
        throw Object.assign(error, { command: { name: 'set', args: [id, text, ttl] }, cause, code: 'EREPLY' })
      },
      take: (id) => memory.take(id),
    }
    const events: GeetestEvent[] = []
    const { app } = site({ ...credentials(simulator), store, onEvent: (event) => void events.push(event) })
    app.set('trust proxy', 'loopback')
    await visitor(app).get('/getcaptcha').set('X-Forwarded-For', '198.51.100.77').expect(503)
    const told = events.find(({ type }) => type === 'store')
    expect(told).toMatchObject({ error: { message: "ERR unknown command 'SET'", code: 'EREPLY' } })
    const { error } = told as { error: Error }
    const all = inspect(told, { depth: 10, showHidden: true }) + String(error.stack) + JSON.stringify(error)
    for (const secret of [...asked, '198.51.100.77', '"session"']) expect(all).not.toContain(secret)
  })

  test.each([
    ['a text', 'no room for %s'],
    ['an object with a message', { message: 'no room for %s', sql: 'insert %s' }],
    ['an error of many lines', new Error('no room\n    at %s')],
    ['nothing', undefined],
  ])('attack 45: names no session where a store throws %s', async (_, thrown) => {
    const simulator = await cloud()
    let session = ''
    const fill = (value: string): string => value.replaceAll('%s', session)
    const store: TicketStore = {
      put(_id, record) {
        session = record.session
        if (thrown instanceof Error) throw new Error(fill(thrown.message))
        throw typeof thrown === 'string' ? fill(thrown) : thrown && JSON.parse(fill(JSON.stringify(thrown)))
      },
      take: () => undefined,
    }
    const events: GeetestEvent[] = []
    await visitor(site({ ...credentials(simulator), store, onEvent: (event) => void events.push(event) }).app)
      .get('/getcaptcha')
      .expect(503)
    const told = events.find(({ type }) => type === 'store') as { error: Error }
    expect(told.error).toBeInstanceOf(Error)
    expect(inspect(told, { depth: 10, showHidden: true })).not.toContain(session)
  })
})

describe('an answer that a store gives late', () => {
  // Falls when: a record that is handed out after the deadline is nobody's.
  test('attack 45: can be sent again, whatever the store is', async () => {
    const simulator = await cloud()
    const world = fakeWorld()
    const memory = new MemoryStore({ now: world.now })
    const slow: (() => void)[] = []
    let isSlow = false
    const store: TicketStore = {
      put: (...given) => memory.put(...given),
      take(id) {
        const taken = memory.take(id)
        return isSlow && id.length === 32 ? new Promise((resolve) => slow.push(() => resolve(taken))) : taken
      },
    }
    const { app } = site({ ...credentials(simulator), store, timeout: 30_000, budgets: false }, world)
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    isSlow = true
    const login = agent
      .post('/login')
      .send(answer)
      .then(({ status }) => status)
    await until(() => slow.length === 1)
    world.advance(30_000)
    expect(await login).toBe(503)
    isSlow = false
    slow[0]?.()
    await agent.post('/login').send(answer).expect(200)
    await agent.post('/login').send(answer).expect(403)
  })
})

describeOnRedis('a plugin that is less patient than its store', (server) => {
  // Falls when: the plugin's deadline for calls to the cloud is also that of a store whose own is longer.
  test('attack 45: waits for the store all the same, so that one slow reply burns nothing', async () => {
    const simulator = await cloud()
    const world = fakeWorld()
    const store = new RedisStore((await server.connect()).client, {}, world)
    const tickets: TicketStore = {
      timeout: store.timeout,
      put: (id, record, ttl) => store.put(id, record, ttl),
      take: (id) => store.take(id),
    }
    const { app } = site({ ...credentials(simulator), store: tickets, timeout: 500 }, world)
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    server.freeze()
    const login = agent
      .post('/login')
      .send(answer)
      .then(({ status }) => status)
    await until(() => world.waiting > 0)
    world.advance(999)
    server.thaw()
    expect(await login).toBe(200)
  })
})
