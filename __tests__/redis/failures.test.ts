import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { Geetest, GeetestEvent, TicketStore } from '../../lib'
import { RedisStore, type RedisClient } from '../../lib/redis-store'
import { clientKinds, describeOnRedis, type ClientKind, type RedisServer } from '../support/redis'
import { cloud, credentials, site, solve, visitor, type Agent } from '../support/site'
import { eventually, fakeWorld, until } from '../support/world'

const open: Geetest[] = []
afterEach(() => open.splice(0).forEach((captcha) => captcha.close()))

/**
 * A site whose tickets are in Redis, and a visitor of it.
 * @param running the store's deadlines ring by themselves; else when the test moves the clock
 */
async function shop(client: RedisClient, part: (store: RedisStore) => TicketStore = (store) => store, running = false) {
  const simulator = await cloud()
  const world = fakeWorld()
  const events: GeetestEvent[] = []
  const onEvent = (event: GeetestEvent) => void events.push(event)
  const store = part(new RedisStore(client, {}, running ? {} : world))
  const { app, captcha } = site({ ...credentials(simulator), store, onEvent })
  open.push(captcha)
  return { simulator, world, events, app, agent: visitor(app) }
}

const isUp = async (agent: Agent) => (await agent.get('/getcaptcha')).status === 200

/** Nothing else of it, so that nobody else asks Redis meanwhile. */
const tickets = (store: RedisStore): TicketStore => ({
  put: (id, record, ttl) => store.put(id, record, ttl),
  take: (id) => store.take(id),
})

/** What can befall a Redis, and how it ends. */
const troubles: [string, (server: RedisServer) => Promise<unknown>, (server: RedisServer) => Promise<unknown>][] = [
  ['is gone', (server) => server.kill(), (server) => server.start()],
  ['is full', (server) => limit(server, '1'), (server) => limit(server, '0')],
  [
    'may not be written to',
    (server) => server.send('REPLICAOF', '127.0.0.1', '1'),
    (server) => server.send('REPLICAOF', 'NO', 'ONE'),
  ],
]
const limit = (server: RedisServer, bytes: string) => server.send('CONFIG', 'SET', 'maxmemory', bytes)

describe.each(clientKinds)('a site on a Redis over %s', (kind) => {
  describeOnRedis('that', (server) => {
    test.each(troubles)(
      '%s answers 503 store_error, lets nobody through, and is well again afterwards',
      async (...row) => {
        const [, begin, end] = row
        const { simulator, agent, events } = await shop((await server.connect(kind)).client)
        const answer = await solve(agent, simulator)
        await begin(server)
        await eventually(async () => !(await isUp(agent)))
        expect((await agent.get('/getcaptcha').expect(503)).body.code).toBe('store_error')
        expect((await agent.post('/login').send(answer).expect(503)).body.code).toBe('store_error')
        // Where there is no pass nothing has to be written, and a full Redis can say so.
        expect(['store_error', 'missing']).toContain((await agent.post('/login')).body.code)
        await agent.post('/validate').accept('json').send(answer).expect(503, { result: 'fail', code: 'store_error' })
        expect(events).toContainEqual({ type: 'store', scene: 'default', error: expect.any(Error) })
        await end(server)
        await eventually(() => isUp(agent))
        await agent
          .post('/login')
          .send(await solve(agent, simulator))
          .expect(200)
      },
    )

    test('hangs answers 503 store_error when its deadline is over, and burns no answer', async () => {
      const { simulator, world, agent } = await shop((await server.connect(kind)).client, tickets)
      const answer = await solve(agent, simulator)
      server.freeze()
      const issued = agent.get('/getcaptcha').expect(503)
      const login = agent.post('/login').send(answer).expect(503)
      const answers = Promise.all([issued, login])
      await until(() => world.waiting === 2)
      world.advance(999)
      expect(world.waiting).toBe(2)
      world.advance(1)
      expect((await answers).map(({ body }) => body.code)).toEqual(['store_error', 'store_error'])
      server.thaw()
      await eventually(async () => (await agent.post('/login').send(answer)).status === 200)
    })
  })
})

describeOnRedis('a site on a Redis', (server) => {
  test.each<ClientKind>(['node-redis 6', 'ioredis 6'])(
    'that is killed and started again under load gives normal answers and 503 only (%s)',
    async (kind) => {
      const { client } = await server.connect(kind)
      // A client holds back what it was asked when Redis went, until it is there again.
      const { simulator, app, agent } = await shop(client, undefined, true)
      const seen = new Set<string>()
      let accepted = 0
      let solved = 0
      const load = { ended: false }

      /** One visitor after another, each posting an answer three times at once. */
      async function crowd(): Promise<void> {
        while (!load.ended) {
          const one = visitor(app)
          const issue = await one.get('/getcaptcha')
          seen.add(`${issue.status} ${issue.body.code ?? 'issued'}`)
          if (issue.status !== 200) continue
          solved += 1
          const answer = simulator.answer(issue.body.challenge)
          const posts = await Promise.all([1, 2, 3].map(() => one.post('/login').send(answer)))
          for (const { status, body } of posts) seen.add(`${status} ${body.code ?? 'accepted'}`)
          const passed = posts.filter(({ status }) => status === 200).length
          expect(passed).toBeLessThanOrEqual(1)
          accepted += passed
        }
      }

      const crowds = Promise.all([crowd(), crowd(), crowd(), crowd()])
      try {
        await until(() => accepted > 20)
        await server.kill()
        await until(() => seen.has('503 store_error'))
        await server.start()
        await eventually(() => isUp(agent))
        const before = accepted
        await until(() => accepted > before + 20)
      } finally {
        // Whatever failed, they must not go on beside the next tests.
        load.ended = true
        await crowds
      }
      expect(accepted).toBeLessThanOrEqual(solved)
      // What an emptied Redis knows nothing of may be taken for an answer after `reset()`: then the cloud, which has judged it, says no.
      const normal = ['200 accepted', '200 issued', '403 replayed', '403 unknown_challenge', '403 rejected']
      const allowed = new Set([...normal, '503 store_error'])
      expect([...seen].filter((answer) => !allowed.has(answer))).toEqual([])
      expect([...seen]).toEqual(expect.arrayContaining(['200 accepted', '403 replayed']))
    },
  )
})

describe('a site on something that accepts connections and never answers', () => {
  const silent = createServer((socket) => void socket.on('error', () => undefined).resume())
  let port = 0
  beforeAll(async () => {
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    port = (silent.address() as AddressInfo).port
  })
  afterAll(() => silent.close())

  test('answers 503 store_error at once (node-redis)', async () => {
    const client = createClient({ url: `redis://127.0.0.1:${port}` })
    client.connect().catch(() => undefined)
    const { agent } = await shop(client)
    expect((await agent.get('/getcaptcha').expect(503)).body.code).toBe('store_error')
    client.destroy()
  })

  test('answers 503 store_error at once (ioredis)', async () => {
    const client = new Redis(port)
    const { agent } = await shop(client)
    expect((await agent.get('/getcaptcha').expect(503)).body.code).toBe('store_error')
    client.disconnect()
  })

  test('answers 503 store_error where nobody has connected the client', async () => {
    const { agent } = await shop(createClient())
    expect((await agent.get('/getcaptcha').expect(503)).body.code).toBe('store_error')
  })
})
