/** @express4 sessions */
import express from 'express'
import { geetest, MemoryStore, type GeetestOptions, type TicketStore } from '../../lib'
import { signValidate } from '../../lib/digest'
import type { AnswerFields, Simulator } from '../../lib/simulator'
import { solveAgain, unregistered } from '../support/resets'
import { cloud, credentials, ending, errorsAsJson, sessions, site, solve, visitor, type Agent } from '../support/site'
import { eventually, fakeWorld } from '../support/world'
import { evilCloud } from './support/evil-cloud'
import { answer } from './support/forgeries'
import { twoNodes } from './support/nodes'
import { storm, tally } from './support/storm'
import { onEveryStore } from './support/stores'

let simulator: Simulator
// Its own each time: what one test's site has issued is known to no other.
beforeEach(async () => {
  simulator = await cloud()
})

const judged = (): number => simulator.calls.filter(({ path }) => path === '/validate.php').length

async function code(agent: Agent, fields: object, path = '/login'): Promise<string> {
  const { status, body } = await agent.post(path).send(fields)
  return status === 200 ? 'through' : body.code
}

/** Has a place for an answer after a reset, in the session of its own that this visitor has. */
async function placed(agent: Agent): Promise<Agent> {
  expect(await code(agent, await solve(agent, simulator))).toBe('through')
  return agent
}

/** A site of two forms and a way to a new session. */
function forms(options: Partial<GeetestOptions>, second: Partial<GeetestOptions> = {}) {
  const app = express().use(sessions())
  for (const [name, more] of Object.entries({ login: {}, pay: { scene: 'pay', ...second } })) {
    const captcha = ending(geetest({ ...credentials(simulator), ...options, ...more }))
    app.use(`/${name}`, captcha)
    app.post(`/${name}`, captcha.validate(), (req, res) => void res.json(req.geetest))
  }
  app.post('/regenerate', (req, res) => req.session.regenerate(() => void res.json({})))
  return app.use(errorsAsJson)
}
async function solveAt(agent: Agent, form: string): Promise<AnswerFields> {
  const { body } = await agent.get(`/${form}/getcaptcha`).expect(200)
  return simulator.answer(body.challenge)
}

onEveryStore((open) => {
  // Falls when: a challenge of which something is known counts as one that nobody was issued.
  test('attack 46: what was issued to somebody else is worth nothing behind an answer of one’s own', async () => {
    const options = { ...credentials(simulator), store: await open() }
    const { app } = site(options)
    const [victim, thief] = [visitor(app), await placed(visitor(app))]
    const solved = await solve(victim, simulator)
    expect(await code(thief, solved)).toBe('session_mismatch')
    const spent = await solve(victim, simulator)
    await code(victim, spent)
    // The cloud would say yes again.
    for (const event of simulator.events) Object.assign(event, { redeemed: false })
    expect(await code(thief, spent)).toBe('replayed')
    const waiting = await solve(victim, simulator)
    await simulator.fault('500', { endpoint: 'validate' })
    expect(await code(victim, waiting)).toBe('unavailable')
    await simulator.fault('none')
    expect(await code(thief, waiting)).toBe('session_mismatch')
  })

  test('attack 46: what was issued at another form, of this store or of another, is worth nothing here', async () => {
    const store = await open()
    const shared = visitor(forms({ store }))
    const apart = visitor(forms({ store }, { store: new MemoryStore() }))
    for (const [agent, said] of [
      [shared, 'scene_mismatch'],
      [apart, 'unknown_challenge'],
    ] as const) {
      expect(await code(agent, await solveAt(agent, 'login'))).toBe('through')
      expect(await code(agent, await solveAt(agent, 'pay'))).toBe(said)
      expect(await code(agent, await solveAt(agent, 'pay'), '/pay')).toBe('through')
    }
  })

  // Falls when: a place is found by less than session and scene, or lasts beyond the session.
  test('attack 46: a place is worth nothing at another form, in another session, or after regeneration', async () => {
    const app = forms({ store: await open() })
    const [agent, other] = [visitor(app), visitor(app)]
    expect(await code(agent, await solveAt(agent, 'login'))).toBe('through')
    await other.get('/login/getcaptcha')
    expect(await code(other, await solveAgain(simulator))).toBe('unknown_challenge')
    expect(await code(agent, await solveAgain(simulator), '/pay')).toBe('unknown_challenge')
    await agent.post('/regenerate').expect(200)
    expect(await code(agent, await solveAgain(simulator))).toBe('unknown_challenge')
  })

  // Falls when: a place is left by what the cloud has not said yes to.
  test('attack 46: only the cloud’s yes to a challenge of the site’s leaves a place, and only the cloud’s yes fills it', async () => {
    const { app } = site({ ...credentials(simulator), store: await open(), downtime: 'allow', budgets: false })
    const agent = visitor(app)
    await agent.get('/getcaptcha')
    expect(await code(agent, await solveAgain(simulator))).toBe('unknown_challenge')
    const wrong = await solve(agent, simulator)
    expect(await code(agent, { ...wrong, geetest_seccode: `${wrong.geetest_validate}|x` })).toBe('rejected')
    expect(await code(agent, await solveAgain(simulator))).toBe('unknown_challenge')
    await placed(agent)
    const challenge = await unregistered(simulator)
    const unsolved = answer(challenge, signValidate(challenge, simulator.privateKey))
    expect(await code(agent, unsolved)).toBe('rejected')
    expect(await code(agent, unsolved)).toBe('replayed')
  })

  test('attack 46: what an outage asked for leaves no place', async () => {
    const { app, captcha } = site({ ...credentials(simulator), store: await open(), downtime: 'allow', budgets: false })
    const agent = visitor(app)
    captcha.force({ mode: 'down', reason: 'drill', seconds: 60 })
    const { body } = await agent.get('/getcaptcha').expect(200)
    expect(await code(agent, answer(body.challenge, '1'))).toBe('through')
    captcha.force(undefined)
    expect(await code(agent, await solveAgain(simulator))).toBe('unknown_challenge')
  })

  // Falls when: the place is not taken first, in one step, or the challenge is not.
  test('attack 46: of 50 answers at once to two nodes, one has the place, be they one answer or fifty', async () => {
    const agent = await placed(twoNodes({ ...credentials(simulator), store: await open() }))
    const same = await solveAgain(simulator)
    expect(tally(await storm(() => agent.post('/login').send(same))).through).toBe(1)
    const answers = await storm(() => solveAgain(simulator))
    const first = tally(await storm((i) => agent.post('/login').send(answers[i])))
    expect(first.through).toBeGreaterThanOrEqual(1)
    expect(Number(first.through) + Number(first.unknown_challenge)).toBe(50)
    let through = 1 + Number(first.through)
    for (let i = 0; i < 10; i++) if ((await code(agent, await solveAgain(simulator))) === 'through') through += 1
    expect(through).toBe(5)
  })

  test('attack 46: an answer after a reset passes once, whatever the cloud remembers', async () => {
    const agent = await placed(twoNodes({ ...credentials(simulator), store: await open() }))
    const again = await solveAgain(simulator, true)
    expect(await code(agent, again)).toBe('through')
    for (const event of simulator.events) Object.assign(event, { redeemed: false })
    const challenge = again.geetest_challenge.slice(0, 32)
    for (const tail of ['', 'a7', 'zz']) {
      const other = `${challenge}${tail}`
      expect(await code(agent, answer(other, signValidate(other, simulator.privateKey)))).toBe('replayed')
    }
    expect(await code(agent, again)).toBe('replayed')
  })

  // Falls when: what is put back begins to count anew.
  test('attack 46: an answer that nobody could judge makes no more places than there were', async () => {
    const agent = await placed(twoNodes({ ...credentials(simulator), store: await open() }))
    let through = 0
    for (let i = 0; i < 8; i++) {
      const again = await solveAgain(simulator)
      await simulator.fault('500', { endpoint: 'validate' })
      await code(agent, again)
      await simulator.fault('none')
      if ((await code(agent, again)) === 'through') through += 1
    }
    expect(through).toBe(5)
  })

  // Falls when: what makes room for others in a session leaves nothing behind.
  test('attack 46: a challenge that 64 others of its session have driven out is nobody’s still', async () => {
    const { app } = site({ ...credentials(simulator), store: await open() })
    const [victim, thief] = [visitor(app), await placed(visitor(app))]
    const first = await solve(victim, simulator)
    for (let i = 0; i < 64; i++) await victim.get('/getcaptcha').expect(200)
    expect(await code(thief, first)).toBe('unknown_challenge')
    expect(await code(thief, await solveAgain(simulator))).toBe('through')
  })

  // Falls when: what lies in stock is known to nobody.
  test('attack 46: a challenge that lies in stock is worth nothing before it is issued', async () => {
    const store = await open()
    const { app } = site({ ...credentials(simulator), store, prefetch: { stock: 2 } })
    const agent = await placed(visitor(app))
    await agent.get('/getcaptcha').expect(200)
    // Until something has been registered that nobody was given.
    await eventually(() => Promise.resolve(simulator.events.length > 2))
    const stocked = simulator.events.at(-1)?.challenge ?? ''
    await eventually(async () => (await store.knows?.(stocked.slice(0, 32))) === true)
    expect(await code(agent, simulator.answer(stocked))).toBe('unknown_challenge')
    expect(await code(agent, await solveAgain(simulator))).toBe('through')
  })
})

// Falls when: an answer is not checked before it costs anything.
test('attack 46: what the cloud has not signed costs no call and no place', async () => {
  const agent = await placed(visitor(site(credentials(simulator)).app))
  const calls = judged()
  const again = await solveAgain(simulator)
  for (const validate of ['0'.repeat(32), signValidate(again.geetest_challenge, 'guess'), '']) {
    const forged = { ...again, geetest_validate: validate, geetest_seccode: `${validate}|jordan` }
    expect(await code(agent, forged)).toMatch(/^(unknown_challenge|malformed|missing)$/)
  }
  expect(judged()).toBe(calls)
  expect(await code(agent, again)).toBe('through')
})

test('attack 46: a captcha of sha256 has places only for what the key has signed', async () => {
  const agent = visitor(site({ ...credentials(simulator), digest: 'sha256' }).app)
  const { body } = await agent.get('/getcaptcha').expect(200)
  expect(await code(agent, simulator.answer(body.challenge))).toBe('through')
  const again = await solveAgain(simulator)
  const calls = judged()
  expect(await code(agent, { ...again, geetest_validate: 'a'.repeat(64), geetest_seccode: 'a'.repeat(64) })).toBe(
    'unknown_challenge',
  )
  expect(judged()).toBe(calls)
  expect(await code(agent, again)).toBe('through')
})

// Falls when: what is known of a challenge is not looked for however it is spelt: the cloud may take capitals for the same.
test('attack 46: what was issued to somebody else is worth nothing in other letters', async () => {
  const evil = await evilCloud()
  const { app } = site({ ...evil.credentials, captchaId: 'c7'.repeat(16) })
  const [victim, thief] = [visitor(app), visitor(app)]
  const own = await thief.get('/getcaptcha').expect(200)
  expect(await code(thief, evil.answer(own.body.challenge))).toBe('through')
  const { body } = await victim.get('/getcaptcha').expect(200)
  for (const spelt of [body.challenge.toUpperCase(), `_${body.challenge}`, `${body.challenge.slice(0, 31)}.`]) {
    expect(await code(thief, evil.answer(spelt))).toBe('unknown_challenge')
  }
})

// Falls when: a store is asked what it knows before the answer is claimed, and never after.
test('attack 46: of one answer at two forms with a store each, at the same time, at most one passes', async () => {
  const evil = await evilCloud()
  let asked = 0
  let release: () => void = () => undefined
  const both = new Promise<void>((resolve) => (release = resolve))
  /** Says what it knows when both forms have asked both stores. */
  function late(): TicketStore {
    const inner = new MemoryStore()
    return {
      put: (...given) => inner.put(...given),
      take: (id) => inner.take(id),
      claim: (...given) => inner.claim(...given),
      async knows(id) {
        const known = inner.knows(id)
        if (++asked === 4) release()
        await both
        return known
      },
    }
  }
  const id = { ...evil.credentials, captchaId: 'b7'.repeat(16) }
  const agent = visitor(forms({ ...id, store: late() }, { store: late() }))
  for (const name of ['login', 'pay']) {
    const { body } = await agent.get(`/${name}/getcaptcha`).expect(200)
    expect(await code(agent, evil.answer(body.challenge), `/${name}`)).toBe('through')
  }
  const again = evil.answer('f'.repeat(32))
  const said = await Promise.all(['/login', '/pay'].map((path) => code(agent, again, path)))
  expect(said.filter((one) => one === 'through').length).toBeLessThanOrEqual(1)
})

// Falls when: a store that has lost something says that it knows nothing of it.
test('attack 46: while a full store has lost challenges that are still good, nothing follows anything', async () => {
  const world = fakeWorld()
  const store = new MemoryStore({ limit: 8, now: world.now })
  const evil = await evilCloud()
  const { app } = site({ ...evil.credentials, store }, world)
  const [victim, thief] = [visitor(app), visitor(app)]
  const lost = (await victim.get('/getcaptcha')).body.challenge as string
  for (let i = 0; i < 8; i++) await visitor(app).get('/getcaptcha').expect(200)
  const { body } = await thief.get('/getcaptcha').expect(200)
  expect(await code(thief, evil.answer(body.challenge))).toBe('through')
  expect(store.take(lost.slice(0, 32))).toBeUndefined()
  expect(await code(thief, evil.answer(lost))).toBe('unknown_challenge')
  // What was lost is over by then.
  world.advance(900_000)
  const next = await thief.get('/getcaptcha').expect(200)
  expect(await code(thief, evil.answer(next.body.challenge))).toBe('through')
  expect(await code(thief, evil.answer('f'.repeat(32)))).toBe('through')
})

// Falls when: a spent challenge is forgotten before the cloud forgets it.
test('attack 46: what was answered in the last second of its ten minutes stays spent for as long as the cloud may know it', async () => {
  const world = fakeWorld()
  const evil = await evilCloud()
  // An id of its own: what other sites of this process have lost is none of its business.
  const agent = visitor(site({ ...evil.credentials, captchaId: 'a7'.repeat(16) }, world).app)
  const own = async (): Promise<AnswerFields> => evil.answer((await agent.get('/getcaptcha')).body.challenge)
  const late = evil.answer('f'.repeat(32))
  expect(await code(agent, await own())).toBe('through')
  world.advance(599_000)
  expect(await code(agent, late)).toBe('through')
  for (const ms of [302_000, 300_000, 297_000]) {
    world.advance(ms)
    expect(await code(agent, await own())).toBe('through')
    expect(await code(agent, late)).toBe('replayed')
  }
})

test('attack 46: a store that cannot say what was never issued lets nothing follow', async () => {
  const inner = new MemoryStore()
  const silent: TicketStore = {
    put: (...given) => inner.put(...given),
    take: (id) => inner.take(id),
    claim: (...given) => inner.claim(...given),
  }
  const agent = await placed(visitor(site({ ...credentials(simulator), store: silent }).app))
  expect(await code(agent, await solveAgain(simulator))).toBe('unknown_challenge')
})

test('attack 46: beside a plugin of the same id whose store cannot say it, nothing follows either', async () => {
  const inner = new MemoryStore()
  const silent: TicketStore = { put: (...given) => inner.put(...given), take: (id) => inner.take(id) }
  const beside = visitor(site({ ...credentials(simulator), store: silent }).app)
  const agent = await placed(visitor(site(credentials(simulator)).app))
  expect(await code(agent, await solve(beside, simulator))).toBe('unknown_challenge')
  expect(await code(agent, await solveAgain(simulator))).toBe('unknown_challenge')
})

// Falls when: a store that fails while it is asked is taken for one that knows nothing.
test('attack 46: a store that fails when it is asked what it knows lets nobody in', async () => {
  class Failing extends MemoryStore {
    override knows(): boolean | undefined {
      throw new Error('the store is down')
    }
  }
  const agent = await placed(visitor(site({ ...credentials(simulator), store: new Failing() }).app))
  expect(await code(agent, await solveAgain(simulator))).toBe('store_error')
})
