import request from 'supertest'
import {
  GeetestError,
  MemoryStore,
  type DowntimeProvider,
  type GeetestEvent,
  type GeetestOptions,
  type GuardOptions,
} from '../../lib'
import type { AnswerFields, Simulator } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { fakeWorld, until } from '../support/world'

const SCENE = 'login'
const RIGHT = { geetest_validate: 'right', geetest_seccode: 'x' }

/** A rule of one's own: `right` is right, `broken` throws what a rule may throw by mistake. */
const rule: DowntimeProvider = {
  name: 'own',
  issue: () => '00',
  verify({ validate }) {
    if (validate === 'broken') throw GeetestError.setup('invalid_option', 'a mistake in the rule')
    return validate === 'right'
  },
}

describe('onEvent', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  function open(options: Partial<GeetestOptions> = {}, guard?: GuardOptions) {
    const world = fakeWorld()
    let events: GeetestEvent[] = []
    const onEvent = (event: GeetestEvent) => void events.push(event)
    const { app, captcha } = site({ ...credentials(simulator), scene: SCENE, onEvent, ...options }, world, guard)
    const agent = visitor(app)
    const down = () => captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
    const up = () => captcha.force(undefined)
    /** What was told since the last time. */
    const told = () => {
      const since = events
      events = []
      return since
    }
    const issued = async () => {
      const { body } = await agent.get('/getcaptcha').expect(200)
      return { geetest_challenge: body.challenge as string, geetest_validate: 'wrong', geetest_seccode: 'x' }
    }
    return { app, captcha, world, agent, down, up, told, issued }
  }
  const verify = (via: 'answer' | 'pass', outcome: string, mode?: string) => ({
    type: 'verify',
    scene: SCENE,
    via,
    outcome,
    mode,
  })
  /** Time stands still unless a test moves it. */
  const right = (mode: string, seconds = 0) => ({ ...verify('answer', 'ok', mode), seconds })
  const called = (call: string, outcome: string, seconds = 0) => ({
    type: 'upstream',
    scene: SCENE,
    call,
    outcome,
    seconds,
  })

  test('is told of an issue, and of a right answer, and of the calls that they took', async () => {
    const { agent, told } = open()
    const answer = await solve(agent, simulator)
    expect(told()).toEqual([called('register', 'ok'), { type: 'issue', scene: SCENE, mode: 'online' }])
    await agent.post('/login').send(answer)
    expect(told()).toEqual([called('validate', 'ok'), right('online')])
  })

  test('is told how long a visitor took from the issue to the right answer', async () => {
    const { agent, world, down, told, issued } = open({ downtime: rule })
    down()
    const answer = await issued()
    told()
    world.advance(7_250)
    await agent.post('/login').send({ ...answer, ...RIGHT })
    expect(told()).toEqual([right('own', 7.25)])
  })

  test('is told of no negative time where the clock of the node that issued is ahead', async () => {
    const { agent, world, told } = open()
    const answer = await solve(agent, simulator)
    world.time -= 5_000
    told()
    await agent.post('/login').send(answer)
    expect(told()).toEqual([called('validate', 'ok'), right('online')])
  })

  test('is told how a call to the cloud ended, and after how many seconds', async () => {
    const { agent, app, world, told } = open()
    await simulator.fault('slow', { endpoint: 'register', delay: 200, calls: 1 })
    const before = simulator.calls.length
    const reply = agent.get('/getcaptcha').then(({ body }) => body)
    await until(() => simulator.calls.length > before)
    world.advance(1_250)
    await reply
    expect(told()).toEqual([called('register', 'ok', 1.25), { type: 'issue', scene: SCENE, mode: 'online' }])

    const answer = await solve(agent, simulator)
    told()
    await agent.post('/login').send({ ...answer, geetest_seccode: `${answer.geetest_validate}|other` })
    expect(told()).toEqual([called('validate', 'rejected'), verify('answer', 'rejected', 'online')])

    await simulator.fault('500', { endpoint: 'register', calls: 1 })
    await request(app).get('/getcaptcha').expect(200)
    const issue = { type: 'issue', scene: SCENE, mode: 'proof-of-work', cause: 'status' }
    expect(told()).toEqual([called('register', 'status'), issue])
  })

  test('is told of probes as of probes', async () => {
    const { agent, world, captcha, told } = open()
    await simulator.fault('500', { endpoint: 'register', calls: 4 })
    for (let i = 0; i < 3; i++) await agent.get('/getcaptcha').expect(200)
    expect(told().filter(({ type }) => type === 'cloud')).toEqual([
      { type: 'cloud', scene: SCENE, ...captcha.status, mode: 'down', cause: 'status' },
    ])
    const heard: GeetestEvent[] = []
    for (let probe = 1; probe <= 3; probe++) {
      world.advance(6_000)
      await until(() => heard.push(...told()) >= probe && (world.waiting > 0 || captcha.status.mode === 'up'))
    }
    const up = { type: 'cloud', scene: SCENE, mode: 'up', since: world.time }
    expect(heard).toEqual([called('probe', 'status'), called('probe', 'ok'), called('probe', 'ok'), up])
  })

  test('is told of an order and of its end, and of what they change', async () => {
    const { captcha, world, down, up, told } = open()
    const order = { type: 'order', scene: SCENE, mode: 'down', reason: 'test', seconds: 600 }
    down()
    const status = { type: 'cloud', scene: SCENE, mode: 'down', since: world.time, cause: 'forced: test' }
    expect(told()).toEqual([order, status])
    up()
    expect(told()).toEqual([
      { type: 'order', scene: SCENE, mode: 'lifted' },
      { type: 'cloud', scene: SCENE, ...captcha.status },
    ])
  })

  test('is told of a body that cannot be parsed as of any other malformed answer', async () => {
    const { agent, told } = open()
    await agent.post('/login').type('json').send('{"geetest_').expect(400)
    await agent.post('/validate').type('json').send('{"geetest_').expect(400)
    expect(told()).toEqual([verify('answer', 'malformed'), verify('answer', 'malformed')])
  })

  test('is told of a verdict that the store kept from being had, and of what the store threw', async () => {
    const error = new Error('away')
    const store = Object.assign(new MemoryStore(), {
      take() {
        throw error
      },
    })
    const { agent, told } = open({ store })
    const answer = await solve(agent, simulator)
    told()
    await agent.post('/login').send(answer).expect(503)
    expect(told()).toEqual([{ type: 'store', scene: SCENE, error }, verify('answer', 'store_error')])
    await agent.post('/validate').send(answer).expect(503)
    expect(told()).toEqual([{ type: 'store', scene: SCENE, error }, verify('answer', 'store_error')])
    await agent.post('/login').expect(503)
    expect(told()).toEqual([{ type: 'store', scene: SCENE, error }, verify('pass', 'store_error')])
  })

  test('is told why an issue is not an online one', async () => {
    const { down, told, issued } = open({ downtime: 'failback' })
    down()
    told()
    await issued()
    expect(told()).toEqual([{ type: 'issue', scene: SCENE, mode: 'failback', cause: 'forced: test' }])
  })

  test.each([
    ['missing', { geetest_challenge: 'a'.repeat(32) }],
    ['malformed', { geetest_challenge: ['a'], geetest_validate: 'x', geetest_seccode: 'x' }],
    ['unknown_challenge', { geetest_challenge: 'a'.repeat(32), geetest_validate: 'x', geetest_seccode: 'x' }],
  ])('is told of an answer that is %s', async (code, fields) => {
    const { agent, told } = open()
    await agent.get('/getcaptcha')
    told()
    await agent.post('/login').send(fields)
    expect(told()).toEqual([verify('answer', code)])
  })

  test('is told of an answer to a challenge that was prolonged, and of one with a wrong signature', async () => {
    const { agent, told, issued } = open()
    for (const [tail, code] of [
      ['abc', 'unknown_challenge'],
      ['', 'bad_signature'],
    ]) {
      const answer = await issued()
      told()
      await agent.post('/login').send({ ...answer, geetest_challenge: answer.geetest_challenge + String(tail) })
      expect(told()).toEqual([verify('answer', String(code), 'online')])
    }
  })

  test('is told of a pass that is spent, and of one that is not there', async () => {
    const { agent, told } = open()
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send(answer)
    told()
    expect((await agent.post('/login')).body).toEqual({
      ok: true,
      mode: 'online',
      scene: SCENE,
      user: expect.any(String),
      via: 'pass',
    })
    expect(told()).toEqual([{ ...verify('pass', 'ok'), mode: 'online' }])
    await agent.post('/login')
    expect(told()).toEqual([verify('pass', 'missing')])
  })

  test('is told of a pass that a stranger’s page asked for', async () => {
    const { agent, told } = open()
    await agent.post('/login').set('Sec-Fetch-Site', 'cross-site')
    expect(told()).toEqual([verify('pass', 'missing')])
  })

  test('is told of everyone whom downtime: allow lets pass, with an answer or without', async () => {
    const { agent, app, captcha, down, told, issued } = open({ downtime: 'allow' }, { downtime: 'allow' })
    down()
    const answer = await issued()
    told()
    await agent.post('/login').send(answer).expect(200)
    const allowed = { type: 'allowed', scene: SCENE }
    expect(told()).toEqual([right('allow'), allowed])
    const { body } = await request(app).post('/login').expect(200)
    expect(body).toEqual({ ok: true, mode: 'allow', scene: SCENE, user: '', via: 'none' })
    expect(told()).toEqual([verify('pass', 'missing'), allowed])
    captcha.close()
  })

  test('is told of an allowed pass as of a pass alone: its answer was counted', async () => {
    const { agent, down, told, issued } = open({ downtime: 'allow' })
    down()
    const answer = await issued()
    await agent.post('/validate').send(answer).expect(200, 'success')
    told()
    await agent.post('/login').expect(200)
    expect(told()).toEqual([{ ...verify('pass', 'ok'), mode: 'allow' }])
  })

  test('is told that a stricter guard denied what its scene accepts, by answer and by pass', async () => {
    const { agent, down, told, issued } = open({ downtime: rule }, { downtime: 'deny' })
    down()
    const answer = { ...(await issued()), ...RIGHT }
    told()
    await agent.post('/login').send(answer).expect(403)
    expect(told()).toEqual([right('own'), verify('answer', 'downtime_denied', 'own')])
    const other = { ...(await issued()), ...RIGHT }
    await agent.post('/validate').send(other).expect(200)
    told()
    await agent.post('/login').expect(403)
    expect(told()).toEqual([{ ...verify('pass', 'ok'), mode: 'own' }, verify('pass', 'downtime_denied', 'own')])
  })
})

describe('a guard, while the cloud is down,', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })
  function down(guard?: GuardOptions, options: Partial<GeetestOptions> = {}) {
    const { app, captcha } = site({ ...credentials(simulator), downtime: rule, ...options }, {}, guard)
    captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
    const agent = visitor(app)
    const post = async (validate: string) => {
      const { body } = await agent.get('/getcaptcha').expect(200)
      const fields = { geetest_challenge: body.challenge, geetest_validate: validate, geetest_seccode: 'x' }
      return agent.post('/login').send(fields)
    }
    return { agent, captcha, post }
  }

  test.each([undefined, { downtime: 'own' }, { downtime: 'deny' }])(
    'is closed to a request without an answer: %j',
    async (guard) => {
      const { body } = await down(guard).agent.post('/login').expect(403)
      expect(body.code).toBe('missing')
    },
  )

  test('with downtime: allow lets a request without an answer through, and none with a wrong one', async () => {
    const { agent, post } = down({ downtime: 'allow' })
    await agent.post('/login').expect(200)
    expect((await post('wrong')).body.code).toBe('downtime_unsolved')
    expect((await post('right')).body).toMatchObject({ mode: 'own', via: 'answer' })
  })

  test('with downtime: allow spends a pass before it allows', async () => {
    const { agent } = down({ downtime: 'allow' })
    const { body } = await agent.get('/getcaptcha')
    await agent.post('/validate').send({ geetest_challenge: body.challenge, ...RIGHT })
    expect((await agent.post('/login').expect(200)).body).toMatchObject({ mode: 'own', via: 'pass' })
    expect((await agent.post('/login').expect(200)).body).toMatchObject({ mode: 'allow', via: 'none' })
  })

  test('with downtime: allow is closed as ever once the cloud is up', async () => {
    const { agent, captcha } = down({ downtime: 'allow' })
    captcha.force(undefined)
    await agent.post('/login').expect(403)
  })

  test('has no verdict where the rule makes a mistake, whatever it throws', async () => {
    const { body, status } = await down().post('broken')
    expect([status, body.code]).toEqual([503, 'unavailable'])
  })

  test('counts neither right answers nor those without a verdict as failures', async () => {
    const { post } = down(undefined, { budgets: { failures: 1, totalFailures: 1 } })
    for (const validate of ['right', 'broken', 'right', 'broken', 'right']) await post(validate)
    expect((await post('right')).status).toBe(200)
    expect((await post('wrong')).status).toBe(403)
    expect((await post('right')).status).toBe(429)
  })

  test.each<[string, (right: AnswerFields) => object]>([
    ['bad_signature', () => ({ geetest_validate: 'f'.repeat(32) })],
    ['malformed', () => ({ geetest_seccode: 'made|up' })],
    ['rejected', ({ geetest_validate }) => ({ geetest_seccode: `${geetest_validate}|other` })],
  ])('counts an online answer that is %s against the limit for all', async (code, change) => {
    const { app, captcha } = site({ ...credentials(simulator), budgets: { totalFailures: 1 } })
    const agent = visitor(app)
    const [first, second] = [await solve(agent, simulator), await solve(agent, simulator)]
    captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
    const miss = (answer: AnswerFields) => agent.post('/login').send({ ...answer, ...change(answer) })
    expect((await miss(first)).body.code).toBe(code)
    expect((await miss(second)).status).toBe(429)
  })
})
