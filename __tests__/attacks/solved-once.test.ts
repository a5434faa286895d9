import type { GuardOptions, TicketStore } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, errorsAsJson, site, solve, visitor } from '../support/site'
import { fakeWorld } from '../support/world'
import { twoNodes } from './support/nodes'
import { storm, tally, through } from './support/storm'
import { onEveryStore } from './support/stores'

describe('after one solved captcha', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  /** A visitor of two nodes who has solved one captcha, and has used it at the guard or at POST /validate. */
  async function solved(store: TicketStore, guard: GuardOptions, path: '/login' | '/validate', world = fakeWorld()) {
    const agent = twoNodes({ ...credentials(simulator), store }, guard, world)
    const answer = await solve(agent, simulator)
    await agent.post(path).send(answer).expect(200)
    return agent
  }

  onEveryStore((store) => {
    // Falls when: a success is noted as a yes or no, instead of as something that is used up.
    test('attack 10: a flood without an answer finds the guard closed', async () => {
      const agent = await solved(await store(), {}, '/login')
      expect(tally(await storm(() => agent.post('/login')))).toEqual({ missing: 50 })
    })

    test('attack 10: what POST /validate leaves opens the guard once, and solving does not add up', async () => {
      const agent = await solved(await store(), {}, '/validate')
      for (let i = 0; i < 3; i++) {
        const answer = await solve(agent, simulator)
        await agent.post('/validate').send(answer).expect(200, 'success')
      }
      expect(through(await storm(() => agent.post('/login')))).toBe(1)
    })

    // Falls when: uses are counted by reading, adding and writing.
    test('attack 10: uses that a guard grants are counted one by one, however many come at once', async () => {
      const agent = await solved(await store(), { uses: 3 }, '/login')
      expect(tally(await storm(() => agent.post('/login')))).toEqual({ through: 2, missing: 48 })
      expect(through(await storm(() => agent.post('/login')))).toBe(0)
    })

    test('attack 10: a pass is worth no more than the guard’s uses in all, however many come at once', async () => {
      const agent = await solved(await store(), { uses: 3 }, '/validate')
      const first = through(await storm(() => agent.post('/login')))
      expect(first).toBeGreaterThan(0)
      expect(first + through(await storm(() => agent.post('/login')))).toBe(3)
      expect(through(await storm(() => agent.post('/login')))).toBe(0)
    })

    test.each(['/login', '/validate'] as const)(
      'attack 10: what was granted by %s ends with the guard’s seconds, used or not',
      async (path) => {
        const world = fakeWorld()
        const agent = await solved(await store(), { uses: 10, seconds: 30 }, path, world)
        world.advance(29_999)
        await agent.post('/login').expect(200)
        world.advance(1)
        expect(through(await storm(() => agent.post('/login')))).toBe(0)
      },
    )
  })

  // Falls when: a guard goes by what another guard granted, or by who was first.
  test('attack 10: a generous guard does not open a strict one beside it, and each keeps to its own bounds', async () => {
    const world = fakeWorld()
    const { app, captcha } = site(credentials(simulator), world, { uses: 10, seconds: 3600 })
    const strict: [string, GuardOptions, number][] = [
      ['/once', {}, 0],
      ['/twice', { uses: 2 }, 1],
      ['/thrice', { uses: 3 }, 1],
      ['/briefly', { uses: 10, seconds: 5 }, 0],
    ]
    for (const [path, guard] of strict) app.post(path, captcha.validate(guard), (_req, res) => void res.end())
    app.use(errorsAsJson)
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
    world.advance(10_000)
    const opened = []
    for (const [path] of strict) opened.push(through(await storm(() => agent.post(path), 20)))
    expect(opened).toEqual(strict.map(([, , opens]) => opens))
    // Ten in all: the answer, those two, and at most seven more.
    expect(through(await storm(() => agent.post('/login'), 20))).toBeLessThanOrEqual(7)
  })

  // Falls when: any note in the session, which is for people to read, opens anything.
  test('attack 10: a session that says that the captcha was solved opens nothing', async () => {
    const { app } = site(credentials(simulator), {}, { uses: 3 })
    app.post('/forge', (req, res) => {
      const yes = { gt_server_status: 1, user_id: 'u', passed: true, solved: Date.now(), uses: 9, left: 9 } as const
      Object.assign(req.session, { ...yes, captcha: true, geetest_passed: true, geetest: yes })
      res.end()
    })
    const agent = visitor(app)
    await agent.post('/forge').expect(200)
    expect(through(await storm(() => agent.post('/login'), 5))).toBe(0)
  })

  // Falls when: a failed answer falls back on what an earlier one left.
  test('attack 10: guesses ride on no pass: fields that are wrong are denied, whatever was solved before', async () => {
    const { app } = site(credentials(simulator), {}, { uses: 10 })
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send(answer).expect(200, 'success')
    const { geetest_challenge, ...rest } = answer
    const wrong = [
      answer,
      rest,
      { geetest_challenge },
      { ...answer, geetest_validate: null },
      { ...answer, geetest_seccode: [] },
    ]
    for (const fields of wrong) expect([400, 403]).toContain((await agent.post('/login').send(fields)).status)
  })
})
