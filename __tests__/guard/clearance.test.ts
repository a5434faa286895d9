import { geetest, MemoryStore, type GuardOptions, type TicketStore } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor } from '../support/site'

describe('a guard with uses and seconds', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  /** A visitor who has just passed a guard on POST /login with an answer. */
  async function passed(guard: GuardOptions, store: TicketStore = new MemoryStore()) {
    const clock = { time: Date.now() }
    const { app, captcha } = site({ ...credentials(simulator), store }, { now: () => clock.time }, guard)
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    const { body } = await agent.post('/login').send(answer).expect(200)
    return { app, captcha, agent, clock, verdict: body }
  }

  test('opens so many times for one solved captcha, and says how often it still will', async () => {
    const { agent, verdict } = await passed({ uses: 3 })
    expect(verdict).toMatchObject({ via: 'answer', left: 2 })
    expect((await agent.post('/login').expect(200)).body).toMatchObject({ via: 'pass', left: 1 })
    expect((await agent.post('/login').expect(200)).body).toMatchObject({ via: 'pass', left: 0 })
    expect((await agent.post('/login').expect(403)).body.code).toBe('missing')
  })

  test('counts atomically: of 50 simultaneous requests exactly those pass that are left', async () => {
    const { agent } = await passed({ uses: 3 })
    const posts = await Promise.all(Array.from({ length: 50 }, () => agent.post('/login')))
    expect(posts.filter(({ status }) => status === 200)).toHaveLength(2)
  })

  test.each([
    [59_999, 200],
    [60_000, 403],
  ])('counts its seconds from the solve: after %i ms of 60 s it answers %i', async (ms, status) => {
    const { agent, clock } = await passed({ uses: 10, seconds: 60 })
    clock.time += ms
    await agent.post('/login').expect(status)
  })

  test('does not begin its seconds again with every use', async () => {
    const { agent, clock } = await passed({ uses: 10, seconds: 60 })
    clock.time += 40_000
    await agent.post('/login').expect(200)
    clock.time += 40_000
    await agent.post('/login').expect(403)
  })

  test('grants the same behind a pass of POST /validate, from when that was earned', async () => {
    const clock = { time: Date.now() }
    const { app } = site(credentials(simulator), { now: () => clock.time }, { uses: 3, seconds: 100 })
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send(answer).expect(200, 'success')
    clock.time += 50_000
    expect((await agent.post('/login').expect(200)).body).toMatchObject({ via: 'pass', left: 2 })
    clock.time += 49_999
    await agent.post('/login').expect(200)
    clock.time += 1
    await agent.post('/login').expect(403)
  })

  test('takes no pass that is older than its seconds', async () => {
    const clock = { time: Date.now() }
    const agent = visitor(site(credentials(simulator), { now: () => clock.time }, { seconds: 10 }).app)
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send(answer).expect(200, 'success')
    clock.time += 10_000
    await agent.post('/login').expect(403)
  })

  test('begins anew with a new captcha, and adds nothing up', async () => {
    const { agent } = await passed({ uses: 3 })
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
    const posts = [await agent.post('/login'), await agent.post('/login'), await agent.post('/login')]
    expect(posts.map(({ status }) => status)).toEqual([200, 200, 403])
  })

  test('leaves nothing for a guard of one use, and nothing beyond a smaller guard’s own uses', async () => {
    const { app, captcha, agent } = await passed({ uses: 10 })
    app.post('/once', captcha.validate(), (_req, res) => void res.end())
    app.post('/twice', captcha.validate({ uses: 2 }), (_req, res) => void res.end())
    await agent.post('/once').expect(403)
    await agent.post('/twice').expect(200)
    await agent.post('/twice').expect(403)
    await agent.post('/login').expect(200)
  })

  test('grants a larger guard no more than its own uses', async () => {
    const { app, captcha, agent } = await passed({ uses: 2 })
    app.post('/many', captcha.validate({ uses: 10 }), (_req, res) => void res.end())
    await agent.post('/many').expect(200)
    await agent.post('/many').expect(403)
  })

  test('never counts for another session', async () => {
    const { app } = await passed({ uses: 3 })
    await visitor(app).post('/login').expect(403)
  })

  test('never counts for another scene, though both share a store', async () => {
    const store = new MemoryStore()
    const { app, agent } = await passed({ uses: 3 }, store)
    const other = geetest({ ...credentials(simulator), scene: 'comment', store })
    app.post('/comment', other.validate({ uses: 3 }), (_req, res) => void res.end())
    await agent.post('/comment').expect(403)
    await agent.post('/login').expect(200)
  })

  test('leaves nothing to a session that was regenerated', async () => {
    const { app, agent } = await passed({ uses: 3 })
    app.post('/regenerate', (req, res) => req.session.regenerate(() => void res.end()))
    await agent.post('/regenerate')
    await agent.post('/login').expect(403)
  })

  test('opens for a right answer even where the store cannot keep the further uses', async () => {
    const memory = new MemoryStore()
    const store: TicketStore = {
      put: (id, record, ttl, network) =>
        record.kind === 'pass' ? Promise.reject(new Error('full')) : memory.put(id, record, ttl, network),
      take: (id) => memory.take(id),
    }
    const { agent, verdict } = await passed({ uses: 3 }, store)
    expect(verdict).toMatchObject({ ok: true, left: 0 })
    await agent.post('/login').expect(403)
  })

  test.each([{ uses: 0 }, { uses: 11 }, { uses: 1.5 }, { seconds: 0 }, { seconds: 3601 }])(
    'refuses %j at construction',
    async (guard) => {
      const { captcha } = site(credentials(simulator))
      expect(() => captcha.validate(guard)).toThrow(/write a whole number from 1 to (10|3600)/)
    },
  )
})
