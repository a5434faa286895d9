import request from 'supertest'
import { geetest, MemoryStore, type TicketStore } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { DEADLINE, outwait, stopTimers } from '../support/deadlines'
import { cloud, credentials, errorsAsJson, site, visitor, type Agent } from '../support/site'
import { fakeWorld } from '../support/world'
import { forgeries } from './support/forgeries'
import { onEveryStore } from './support/stores'

const INVENTED = '0123456789abcdef0123456789abcdef'

describe.each(['up', 'down'] as const)('while the cloud is %s', (mode) => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  function open(store: TicketStore) {
    const world = fakeWorld()
    // The provider that forgeries would satisfy: only the ticket stands between them and the guarded route.
    const options = { ...credentials(simulator), store, downtime: 'failback', budgets: false } as const
    const { app, captcha } = site(options, world)
    captcha.force({ mode, reason: 'test', seconds: 86_400 })
    return { app, world, agent: visitor(app) }
  }
  const challenge = async (agent: Agent): Promise<string> => (await agent.get('/getcaptcha').expect(200)).body.challenge

  /** What is said to every forged answer to that challenge: the codes, each once. */
  async function saidToForgeries(agent: Agent, of: string): Promise<unknown[]> {
    const said = new Set<unknown>()
    for (const [, forge] of forgeries) {
      const fields = forge(of, simulator.captchaId)
      said.add((await agent.post('/login').send(fields).expect(403)).body.code)
      expect((await agent.post('/validate').type('form').send(fields)).text).toBe('fail')
    }
    return [...said]
  }

  // Falls when: anything but a ticket that was found and fits leads into a check; when "not known to be online" is read as offline.
  onEveryStore((store) => {
    test('attack 2: a visitor without a session, who skips the issue, is denied', async () => {
      const { app } = open(await store())
      expect(await saidToForgeries(request(app) as never, INVENTED)).toEqual(['unknown_challenge'])
    })

    test('attack 2: an invented challenge is denied in a session that has a real one', async () => {
      const { agent } = open(await store())
      const real = await challenge(agent)
      expect(await saidToForgeries(agent, INVENTED)).toEqual(['unknown_challenge'])
      expect(await saidToForgeries(agent, real.toUpperCase().padEnd(34, 'X'))).toEqual(['unknown_challenge'])
    })

    test('attack 2: a challenge whose session cookie was thrown away is denied', async () => {
      const { app, agent } = open(await store())
      const [first] = await saidToForgeries(visitor(app), await challenge(agent))
      expect(first).toBe('session_mismatch')
    })

    test('attack 2: a challenge whose time is over is denied', async () => {
      const { agent, world } = open(await store())
      const old = await challenge(agent)
      world.advance(600_000)
      const [first] = await saidToForgeries(agent, old)
      expect(first).toBe('expired')
    })
  })

  test('attack 2: a challenge that the store has lost is denied', async () => {
    const memory = new MemoryStore()
    let lost = false
    const { agent } = open({ put: (...a) => memory.put(...a), take: (id) => (lost ? undefined : memory.take(id)) })
    const real = await challenge(agent)
    lost = true
    expect(await saidToForgeries(agent, real)).toEqual(['unknown_challenge'])
  })

  test.each([null, false, 0, '', {}, [], { mode: 'failback' }, { kind: 'pass' }])(
    'attack 2: a store that answers %j for a record has answered nothing',
    async (nothing) => {
      const { agent } = open({ put: () => undefined, take: () => nothing as never })
      const codes = await saidToForgeries(agent, await challenge(agent))
      expect(codes).toEqual(['unknown_challenge'])
      await agent.post('/login').expect(403)
    },
  )

  test('attack 2: a store that fails lets nobody in', async () => {
    const memory = new MemoryStore()
    const { agent } = open({ put: (...a) => memory.put(...a), take: () => Promise.reject(new Error('away')) })
    const real = await challenge(agent)
    for (const [, forge] of forgeries) await agent.post('/login').send(forge(real, simulator.captchaId)).expect(503)
    await agent.post('/login').expect(503)
  })

  test('attack 2: a site that forgot its session middleware is closed, not open', async () => {
    const captcha = geetest({ ...credentials(simulator), downtime: 'allow' })
    captcha.force({ mode, reason: 'test', seconds: 60 })
    const { app } = site(credentials(simulator))
    const bare = app.use('/bare', (req, _res, next) => {
      delete (req as Partial<typeof req>).session
      next()
    })
    bare.post('/bare/login', captcha.validate({ downtime: 'allow' }), (_req, res) => void res.end()).use(errorsAsJson)
    expect((await request(app).post('/bare/login').expect(500)).body.code).toBe('session_missing')
  })
})

describe('at the very start', () => {
  stopTimers()

  // Falls when: a cloud about which nothing is known yet counts as down, or as a reason to let anybody in.
  test('attack 7: the first request of all asks the cloud, whatever its status page does', async () => {
    const simulator = await cloud()
    await simulator.fault('hang', { endpoint: 'bypass' })
    const { app, captcha } = site({ ...credentials(simulator), bypass: true }, fakeWorld())
    const { body } = await request(app).get('/getcaptcha').expect(200)
    expect(body.success).toBe(1)
    captcha.close()
  })

  test.each([
    ['up', 'none', 1],
    ['away', 'refuse', 0],
    ['silent', 'hang', 0],
    ['talking nonsense', 'garbage', 0],
  ] as const)(
    'attack 7: with a cloud that is %s, the first request of all passes by no forged answer',
    async (_, fault, success) => {
      const simulator = await cloud()
      await simulator.fault(fault)
      const { app } = site({ ...credentials(simulator), timeout: DEADLINE, bypass: true }, fakeWorld())
      for (const [, forge] of forgeries) {
        await request(app).post('/login').send(forge(INVENTED, simulator.captchaId)).expect(403)
      }
      await request(app).post('/login').expect(403)
      const agent = visitor(app)
      const { body } = await outwait(simulator, fault, () => agent.get('/getcaptcha').expect(200))
      expect(body.success).toBe(success)
      const [, forge] = forgeries[0] as (typeof forgeries)[0]
      await agent.post('/login').send(forge(body.challenge, simulator.captchaId)).expect(403)
    },
  )
})
