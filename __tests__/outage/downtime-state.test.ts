import request from 'supertest'
import { downtimeNames, proofOfWork, type DowntimeProvider, type GeetestEvent, type GeetestOptions } from '../../lib'
import { md5 } from '../../lib/digest'
import { faults, type Fault, type Simulator } from '../../lib/simulator'
import { DEADLINE, isSilent, outwait, passDeadline, stopTimers } from '../support/deadlines'
import { gateTo } from '../support/gate'
import { cloud, credentials, site, solve, visitor, type Agent } from '../support/site'
import { work } from '../support/work'
import { fakeWorld, until } from '../support/world'

/** Probes are this far apart at least, and jitter adds up to a fifth. */
const INTERVAL = 5_000
stopTimers()

/** Full-size work would only test this machine; difficulty has tests of its own. */
const light = ({ privateKey }: Simulator) => proofOfWork({ privateKey, hashes: 4 })

async function watched(options: Partial<GeetestOptions> = {}, own?: Simulator) {
  const simulator = own ?? (await cloud())
  const world = fakeWorld()
  const events: GeetestEvent[] = []
  const onEvent = (event: GeetestEvent) => void events.push(event)
  const { downtime: wanted = 'proof-of-work' } = options
  const downtime = wanted === 'proof-of-work' ? light(simulator) : wanted
  const { app, captcha } = site({ ...credentials(simulator), timeout: DEADLINE, onEvent, ...options, downtime }, world)
  const get = () => request(app).get('/getcaptcha')
  /** Calls that reached the cloud's register.php, refused connections not counted. */
  const registered = () => simulator.calls.filter(({ endpoint }) => endpoint === 'register').length
  /** Lets `ms` pass, and a probe that fell due come to its end. */
  const pass = async (ms: number, fault: Fault = '500') => {
    const before = registered()
    world.advance(ms)
    // Unless none fell due, it is under way.
    if (world.waiting === 0 && isSilent(fault)) {
      await until(() => registered() > before)
      passDeadline()
    }
    if (captcha.status.mode === 'down') await until(() => world.waiting > 0 || captcha.status.mode === 'up')
  }
  /** By a fault of register.php that is set already. */
  const goDown = async (fault: Fault = '500') => {
    for (let i = 0; i < 3; i++) await outwait(simulator, fault, () => get().expect(200))
  }
  return { simulator, world, events, app, captcha, get, registered, pass, goDown }
}

describe('the cloud counts as down', () => {
  test('after three lost calls, and not after two', async () => {
    const { simulator, captcha, get } = await watched()
    await simulator.fault('500', { endpoint: 'register' })
    await get()
    await get()
    expect(captcha.status.mode).toBe('up')
    await get()
    expect(captcha.status).toMatchObject({ mode: 'down', cause: 'status' })
  })

  test('for the visitor whose call was lost alone, when one is lost', async () => {
    const { simulator, captcha, get } = await watched()
    await simulator.fault('500', { endpoint: 'register', calls: 1 })
    expect((await get()).body.success).toBe(0)
    expect((await get()).body.success).toBe(1)
    expect(captcha.status.mode).toBe('up')
  })

  test('not when every tenth call is lost', async () => {
    const { simulator, captcha, get } = await watched()
    for (let i = 0; i < 50; i++) {
      if (i % 10 === 9) await simulator.fault('500', { endpoint: 'register', calls: 1 })
      await get()
    }
    expect(captcha.status.mode).toBe('up')
  })

  test('not because of failures that are older than ten seconds', async () => {
    const { simulator, captcha, get, world } = await watched()
    await simulator.fault('500', { endpoint: 'register' })
    await get()
    await get()
    world.advance(10_000)
    await get()
    expect(captcha.status.mode).toBe('up')
  })

  test('because of lost validate calls as well, once it has looked itself', async () => {
    const { simulator, captcha, app, world } = await watched()
    const validated = () => simulator.calls.filter(({ endpoint }) => endpoint === 'validate').length
    const agent = visitor(app)
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await solve(agent, simulator))
    await simulator.fault('garbage', { endpoint: 'validate' })
    for (const answer of answers) {
      const before = validated()
      await agent.post('/login').send(answer).expect(503)
      await until(() => validated() >= before + 2 || captcha.status.mode === 'down')
      world.advance(1_000)
    }
    await until(() => captcha.status.mode === 'down')
    expect(captcha.status).toMatchObject({ mode: 'down', cause: 'garbage' })
  })

  test('in status and in an event, with since and cause', async () => {
    const { simulator, captcha, events, goDown, world } = await watched({ scene: 'login' })
    expect(captcha.status).toEqual({ mode: 'up', since: 1_000_000 })
    world.advance(500)
    await simulator.fault('hang', { endpoint: 'register' })
    await goDown('hang')
    const down = { mode: 'down', since: 1_000_500, cause: 'timeout' }
    expect(captcha.status).toEqual(down)
    expect(events.filter(({ type }) => type === 'cloud')).toEqual([{ type: 'cloud', scene: 'login', ...down }])
  })
})

describe('while it is down', () => {
  test('no visitor waits for it, and it is not called', async () => {
    const { simulator, get, goDown, registered } = await watched()
    await simulator.fault('hang', { endpoint: 'register' })
    await goDown('hang')
    const before = registered()
    for (let i = 0; i < 20; i++) expect((await get().expect(200)).body.success).toBe(0)
    expect(registered()).toBe(before)
  })

  test('it gets one probe in an interval and no more, whoever visits', async () => {
    const { simulator, get, goDown, registered, pass } = await watched()
    await simulator.fault('500', { endpoint: 'register' })
    await goDown()
    for (let i = 1; i <= 10; i++) {
      const before = registered()
      await pass(INTERVAL)
      await get()
      expect(registered() - before).toBeLessThanOrEqual(1)
    }
  })

  test('one probe is under way at a time, however long it takes', async () => {
    const { simulator, goDown, registered, world } = await watched()
    await simulator.fault('500', { endpoint: 'register' })
    await goDown()
    await simulator.fault('hang', { endpoint: 'register' })
    world.advance(INTERVAL * 1.2)
    await until(() => registered() === 4)
    world.advance(INTERVAL * 20)
    expect(world.waiting).toBe(0)
    expect(registered()).toBe(4)
  })

  test('two good probes in a row bring it back; one does not', async () => {
    const { simulator, captcha, goDown, pass } = await watched()
    await simulator.fault('500', { endpoint: 'register' })
    await goDown()
    await simulator.fault('none')
    await pass(INTERVAL * 1.2)
    expect(captcha.status.mode).toBe('down')
    await simulator.fault('500', { endpoint: 'register', calls: 1 })
    await pass(INTERVAL * 1.2)
    await pass(INTERVAL * 1.2)
    expect(captcha.status.mode).toBe('down')
    await pass(INTERVAL * 1.2)
    expect(captcha.status.mode).toBe('up')
  })

  test('an answer to a call from before it went down changes nothing', async () => {
    const simulator = await cloud()
    const gate = await gateTo(simulator)
    const { captcha, get, goDown } = await watched({ apiServer: gate.url }, simulator)
    gate.close()
    const late = get().then(({ body }) => body)
    await until(() => gate.held === 1)
    gate.pass()
    await simulator.fault('500', { endpoint: 'register' })
    await goDown()
    expect(captcha.status.mode).toBe('down')
    await simulator.fault('none')
    gate.open()
    expect((await late).success).toBe(1)
    expect(captcha.status.mode).toBe('down')
  })

  test('close() during a probe ends the probing, too', async () => {
    const { simulator, captcha, goDown, registered, world } = await watched()
    await simulator.fault('500', { endpoint: 'register' })
    await goDown()
    await simulator.fault('slow', { endpoint: 'register', delay: 20 })
    world.advance(INTERVAL * 1.2)
    await until(() => registered() === 4)
    captcha.close()
    await simulator.fault('none')
    await request(simulator.url).get('/register.php')
    world.advance(INTERVAL * 10)
    expect([world.waiting, registered()]).toEqual([0, 5])
  })

  test('close() ends the probing', async () => {
    const { simulator, captcha, goDown, world } = await watched()
    await simulator.fault('500', { endpoint: 'register' })
    await goDown()
    expect(world.waiting).toBe(1)
    captcha.close()
    expect(world.waiting).toBe(0)
  })
})

describe('a flapping cloud', () => {
  /** Fetches, maybe lets the cloud change, answers as the challenge asks, and tells what came of it. */
  async function honest(agent: Agent, simulator: Simulator, between: () => Promise<void>) {
    const { body } = await agent.get('/getcaptcha').expect(200)
    await between()
    const answer = body.success === 1 ? simulator.answer(body.challenge) : work(body.challenge)
    const login = await agent.post('/login').send(answer)
    return { issued: body.success === 1 ? 'online' : 'proof-of-work', judged: login.body.mode, status: login.status }
  }

  test.each([2, 10])(
    'that loses every %ith call refuses no honest answer, and judges each by its issue',
    async (every) => {
      const { simulator, app, pass } = await watched()
      const agent = visitor(app)
      for (let i = 0; i < 20; i++) {
        if (i % every === 0) await simulator.fault('500', { endpoint: 'register', calls: 1 })
        const { issued, judged, status } = await honest(agent, simulator, () => pass(700))
        expect([status, judged]).toEqual([200, issued])
      }
    },
  )

  test('that is up and down by the second never judges online what was issued offline, nor the reverse', async () => {
    const { simulator, app, pass } = await watched()
    const agent = visitor(app)
    for (let second = 0; second < 20; second++) {
      const flip = () => simulator.fault(second % 2 ? 'none' : '500', { endpoint: 'register' })
      const { issued, judged, status } = await honest(agent, simulator, () => flip().then(() => pass(1_000)))
      expect([status, judged]).toEqual([200, issued])
    }
  })
})

describe('an operator’s order', () => {
  const rehearsal = { mode: 'down', reason: 'rehearsal', seconds: 60 } as const

  test('takes one scene down, with its reason, and lets it come back by itself', async () => {
    const { captcha, get, world, events } = await watched({ scene: 'login' })
    captcha.force(rehearsal)
    expect(captcha.status).toEqual({ mode: 'down', since: 1_000_000, cause: 'forced: rehearsal' })
    expect((await get()).body.success).toBe(0)
    world.advance(59_999)
    expect(captcha.status.mode).toBe('down')
    world.advance(1)
    expect(captcha.status.mode).toBe('up')
    expect((await get()).body.success).toBe(1)
    expect(events.flatMap((event) => (event.type === 'cloud' ? event.mode : []))).toEqual(['down', 'up'])
  })

  test('ends in its time, although the clock was set back meanwhile', async () => {
    const { captcha, world } = await watched()
    captcha.force(rehearsal)
    world.time -= 3_600_000
    captcha.force({ ...rehearsal, seconds: 30 })
    world.time -= 3_600_000
    // Timers know no clock: this one is due 30 seconds after it was set.
    world.ring()
    expect(captcha.status.mode).toBe('up')
  })

  test('keeps the cloud in use that counts as down', async () => {
    const { simulator, captcha, get, goDown } = await watched()
    await simulator.fault('500', { endpoint: 'register' })
    await goDown()
    await simulator.fault('none')
    captcha.force({ mode: 'up', reason: 'the vendor says it is fine', seconds: 60 })
    expect(captcha.status).toMatchObject({ mode: 'up', cause: 'forced: the vendor says it is fine' })
    expect((await get()).body.success).toBe(1)
  })

  test('is taken back with undefined', async () => {
    const { captcha } = await watched()
    captcha.force(rehearsal)
    captcha.force(undefined)
    expect(captcha.status.mode).toBe('up')
  })

  test.each<[object, RegExp]>([
    [{ ...rehearsal, mode: 'off' }, /captcha\.force: option mode is "off"; write one of up, down/],
    [{ mode: 'down', seconds: 60 }, /option reason is undefined; write why/],
    [{ ...rehearsal, reason: ' ' }, /option reason is " "; write why/],
    [{ mode: 'down', reason: 'x' }, /option seconds is undefined; write a whole number from 1 to 86400/],
    [{ ...rehearsal, seconds: 1e9 }, /option seconds is 1000000000;/],
  ])('%j is refused with words', async (order, words) => {
    const { captcha } = await watched()
    expect(() => captcha.force(order as never)).toThrow(words)
  })
})

describe('the vendor’s status page', () => {
  const EVERY = 10_000
  async function polled(options: Partial<GeetestOptions> = {}) {
    const all = await watched({ bypass: true, ...options })
    const looks = () => all.simulator.calls.filter(({ endpoint }) => endpoint === 'bypass').length
    const look = async () => {
      const before = looks()
      all.world.advance(EVERY * 1.2)
      await until(() => looks() > before)
      if (all.simulator.calls.at(-1)?.fault === 'hang') passDeadline()
      await until(() => all.world.waiting > 0)
    }
    await until(() => looks() === 1 && all.world.waiting > 0)
    return { ...all, look, looks }
  }

  test('is asked for this id again and again', async () => {
    const { look, looks, simulator } = await polled()
    await look()
    await look()
    expect(looks()).toBe(3)
    expect(simulator.calls[0]).toMatchObject({ path: '/v1/bypass_status.php', params: { gt: simulator.captchaId } })
  })

  test.each<Fault>(['status-fail', '500', 'garbage', 'hang'])('means down after two bad looks: %s', async (fault) => {
    const { simulator, look, captcha } = await polled()
    await simulator.fault(fault, { endpoint: 'bypass' })
    await look()
    expect(captcha.status.mode).toBe('up')
    await look()
    await until(() => captcha.status.mode === 'down')
    expect(captcha.status).toMatchObject({ mode: 'down', cause: 'vendor_status' })
  })

  test('means up again after one good look', async () => {
    const { simulator, look, captcha } = await polled()
    await simulator.fault('status-fail', { endpoint: 'bypass' })
    await look()
    await look()
    await until(() => captcha.status.mode === 'down')
    await simulator.fault('none')
    await look()
    await until(() => captcha.status.mode === 'up')
    expect(captcha.status.mode).toBe('up')
  })

  test('means nothing once nobody looks any more, and unknown tries the cloud', async () => {
    const { simulator, look, captcha, get, world } = await polled()
    await simulator.fault('status-fail', { endpoint: 'bypass' })
    await look()
    await look()
    await until(() => captcha.status.mode === 'down')
    await simulator.fault('hang', { endpoint: 'bypass' })
    world.advance(EVERY * 5)
    expect(captcha.status.mode).toBe('up')
    expect((await get()).body.success).toBe(1)
  })

  test('is asked every ten seconds where the interval is left undefined', async () => {
    const { looks, world } = await polled({ bypass: { url: undefined as never, interval: undefined as never } })
    world.advance(EVERY - 1)
    expect(looks()).toBe(1)
  })

  test('is not asked after close()', async () => {
    const { captcha, world, looks } = await polled()
    captcha.close()
    world.advance(EVERY * 5)
    expect(looks()).toBe(1)
  })

  test.each<[object, RegExp]>([
    [{ bypass: { interval: 5 } }, /geetest: bypass: option interval is 5; write a whole number from 1000 to 600000/],
    [
      { bypass: { url: 'http://bypass.geetest.com' } },
      /geetest: bypass: option url is .* plain http to another machine/,
    ],
    [{ bypass: { every: 5 } }, /geetest: bypass: there is no option "every"/],
    [{ bypass: 'yes' }, /option bypass is "yes"; write true, false, or an object/],
  ])('%j is refused with words', async (options, words) => {
    const simulator = await cloud()
    expect(() => site({ ...credentials(simulator), ...options })).toThrow(words)
  })
})

describe('every fault, with every provider: visitors are served, the cloud is spared, and all comes back by itself', () => {
  const own: DowntimeProvider = { name: 'own', issue: () => '-own', verify: ({ validate }) => validate === 'right' }
  const right = (challenge: string) => {
    const validate = challenge.endsWith('-own') ? 'right' : md5(challenge)
    const fields = { geetest_challenge: challenge, geetest_validate: validate, geetest_seccode: `${validate}|jordan` }
    return challenge.includes('.') ? work(challenge) : fields
  }
  const ofRegister = faults.filter((fault) => !['wrong-digest', 'uppercase', '429'].includes(fault))
  const providers = [...downtimeNames, own]
  const table = ofRegister.flatMap((fault) =>
    providers.map((provider) => [fault, typeof provider === 'string' ? provider : provider.name, provider] as const),
  )

  test.each(table)('%s, %s', async (fault, name, downtime) => {
    const { simulator, app, captcha, goDown, registered, pass } = await watched({ downtime })
    await simulator.fault(fault, { endpoint: 'register', delay: DEADLINE * 5 })
    await goDown(fault)
    expect(captcha.status.mode).toBe('down')

    const agent = visitor(app)
    const { body } = await agent.get('/getcaptcha').expect(200)
    expect(body.success).toBe(0)
    const login = await agent.post('/login').send(right(body.challenge))
    expect([login.status, login.body.mode ?? login.body.code]).toEqual(
      name === 'deny' ? [403, 'downtime_denied'] : [200, name],
    )
    await agent.post('/login').send(right(body.challenge)).expect(403)

    const before = registered()
    await pass(INTERVAL, fault)
    await pass(INTERVAL, fault)
    expect(registered() - before).toBeLessThanOrEqual(2)

    await simulator.fault('none')
    for (let i = 0; i < 10 && captcha.status.mode === 'down'; i++) await pass(INTERVAL * 1.2)
    expect(captcha.status.mode).toBe('up')
    expect((await agent.get('/getcaptcha')).body.success).toBe(1)
  })
})
