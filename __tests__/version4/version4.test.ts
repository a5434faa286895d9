/** @express4 mounting, bodies */
import express from 'express'
import { geetest, MemoryStore, proofOfWork, type GeetestEvent, type GeetestOptions } from '../../lib'
import { vendorCodes, vendorReasons } from '../../lib/cloud/detail'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, ending, errorsAsJson, sessions, solve, visitor } from '../support/site'
import { credentials4, site4, work4 } from '../support/site-v4'
import { stubCloud } from '../support/stub-cloud'
import { fakeWorld, until } from '../support/world'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})
afterEach(() => simulator.fault('none'))

const light = (of: Simulator) => proofOfWork({ privateKey: of.privateKey, hashes: 16 })

describe('a guard of version 4', () => {
  test('lets a solved captcha through, without any step before it', async () => {
    const agent = visitor(site4(simulator).app)
    const { body } = await agent.post('/login').send(simulator.answerV4()).expect(200)
    expect(body).toEqual({ ok: true, mode: 'online', scene: 'default', user: expect.any(String), via: 'answer' })
  })

  test('takes the answer from a form as well as from JSON', async () => {
    await visitor(site4(simulator).app).post('/login').type('form').send(simulator.answerV4()).expect(200)
  })

  test('needs no captcha_id beside the four fields', async () => {
    const { captcha_id: _, ...four } = simulator.answerV4()
    await visitor(site4(simulator).app).post('/login').send(four).expect(200)
  })

  test('names the visitor by the site’s own label', async () => {
    const { app } = site4(simulator, { userId: () => 'label-7' })
    const { body } = await visitor(app).post('/login').send(simulator.answerV4()).expect(200)
    expect(body.user).toBe('label-7')
  })

  test('keeps the label that it made up for the session', async () => {
    const agent = visitor(site4(simulator).app)
    const first = await agent.post('/login').send(simulator.answerV4()).expect(200)
    const second = await agent.post('/login').send(simulator.answerV4()).expect(200)
    expect(second.body.user).toBe(first.body.user)
  })

  test('answers 403 missing where nothing is sent', async () => {
    const { body } = await visitor(site4(simulator).app).post('/login').expect(403)
    expect(body.code).toBe('missing')
  })

  test('takes the fields of version 3 for nothing', async () => {
    const fields = { geetest_challenge: 'a'.repeat(32), geetest_validate: 'b'.repeat(32), geetest_seccode: 'c' }
    const { body } = await visitor(site4(simulator).app).post('/login').send(fields).expect(403)
    expect(body.code).toBe('missing')
  })

  test('leaves a pass by POST /validate that the guard takes once', async () => {
    const agent = visitor(site4(simulator).app)
    await agent.post('/validate').send(simulator.answerV4()).expect(200, 'success')
    const { body } = await agent.post('/login').expect(200)
    expect(body).toMatchObject({ mode: 'online', via: 'pass' })
    await agent.post('/login').expect(403)
  })

  test('grants several uses where it is asked to', async () => {
    const agent = visitor(site4(simulator, {}, undefined, { uses: 2 }).app)
    await agent.post('/login').send(simulator.answerV4()).expect(200)
    await agent.post('/login').expect(200)
    await agent.post('/login').expect(403)
  })

  test('signs what it asks the cloud and sends it the four fields', async () => {
    const own = await cloud()
    const answer = own.answerV4()
    await visitor(site4(own).app).post('/login').send(answer).expect(200)
    const [call] = own.calls
    expect(call).toMatchObject({ endpoint: 'validate4', params: answer })
    expect(call?.params.sign_token).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('what the cloud of version 4 says beside a verdict', () => {
  const codes = new Map([
    ['-50000', 'unavailable'],
    ['-50001', 'unavailable'],
    ['-50004', 'unavailable'],
    ['-50101', 'unavailable'],
    ['-50102', 'unavailable'],
    ['-50103', 'unavailable'],
    ['-50104', 'unavailable'],
    ['-50105', 'unavailable'],
  ])

  async function answered(reply: object) {
    const stub = await stubCloud()
    stub.reply = { status: 200, body: JSON.stringify(reply) }
    const heard: GeetestEvent[] = []
    const options = { ...credentials4(simulator), privateKey: 'k', apiServer: stub.url }
    const captcha = ending(geetest({ ...options, onEvent: (event) => heard.push(event) }))
    const app = express().use(sessions(), captcha)
    app.post('/', async (req, res) => void res.json(await captcha.verify(req)))
    const { body } = await visitor(app).post('/').send(simulator.answerV4()).expect(200)
    return { body, told: heard.find(({ type }) => type === 'verify') }
  }

  test.each(vendorCodes)('code %s is the detail of a closed reason, as a value and as an event', async (code) => {
    const { body, told } = await answered({ status: 'error', code, msg: 'm', desc: { type: 'defined error' } })
    expect(body).toEqual({ ok: false, code: codes.get(code) ?? 'rejected', detail: code })
    expect(told).toMatchObject({ outcome: codes.get(code) ?? 'rejected', detail: code })
  })

  test.each(vendorReasons)('“%s” is the detail of a refusal', async (reason) => {
    const { body } = await answered({ status: 'success', result: 'fail', reason })
    expect(body).toEqual({ ok: false, code: 'rejected', detail: reason })
  })

  test('what is on none of the vendor’s lists is passed on to nobody', async () => {
    const { body } = await answered({ status: 'success', result: 'fail', reason: '<script>' })
    expect(body).toEqual({ ok: false, code: 'rejected', detail: 'other' })
  })
})

describe('GET /getcaptcha of version 4', () => {
  test('names the id and the version, and registers nothing', async () => {
    const { body } = await visitor(site4(simulator).app).get('/getcaptcha').expect(200)
    expect(body).toEqual({
      success: 1,
      challenge: '',
      gt: simulator.captchaId,
      new_captcha: true,
      version: 4,
      protocol: 'http://',
      api_server: new URL(simulator.url).host,
    })
  })

  test('looks at the cloud once for all who ask within a second', async () => {
    const own = await cloud()
    const world = fakeWorld()
    const { app } = site4(own, {}, world)
    const ask = () => visitor(app).get('/getcaptcha').expect(200)
    await Promise.all([ask(), ask(), ask()])
    await ask()
    expect(own.calls).toHaveLength(1)
    world.advance(1000)
    await ask()
    expect(own.calls).toHaveLength(2)
  })

  test('issues a downtime challenge where the cloud does not answer', async () => {
    await simulator.fault('refuse')
    const { body } = await visitor(site4(simulator).app).get('/getcaptcha').expect(200)
    expect(body).toMatchObject({
      success: 0,
      version: 4,
      challenge: expect.stringMatching(/^[0-9a-f]{32}\.gt-offline\./),
    })
  })

  test('leaves the session’s two facts where version 3 leaves them', async () => {
    const captcha = ending(geetest(credentials4(simulator)))
    const app = express().use(sessions(), captcha)
    app.get('/session', (req, res) => void res.json(req.session.geetest))
    const agent = visitor(app)
    await agent.get('/getcaptcha').expect(200)
    const { body } = await agent.get('/session')
    expect(body).toEqual({ gt_server_status: 1, user_id: expect.any(String) })
  })
})

describe('an outage of version 4', () => {
  async function inOutage(options: Partial<GeetestOptions> = {}) {
    const own = await cloud()
    await own.fault('refuse')
    const { app, captcha } = site4(own, { downtime: light(own), ...options })
    const agent = visitor(app)
    const { body } = await agent.get('/getcaptcha').expect(200)
    return { own, agent, captcha, challenge: String(body.challenge) }
  }

  test('is bridged by the downtime captcha under the names of version 4', async () => {
    const { own, agent, challenge } = await inOutage()
    const { body } = await agent.post('/login').send(work4(challenge, own.captchaId)).expect(200)
    expect(body).toMatchObject({ mode: 'proof-of-work', via: 'answer' })
  })

  test('does not burn a solve: the same answer passes once the cloud is back', async () => {
    const own = await cloud()
    const agent = visitor(site4(own).app)
    const answer = own.answerV4()
    await own.fault('refuse')
    await agent.post('/login').send(answer).expect(503)
    await own.fault('none')
    await agent.post('/login').send(answer).expect(200)
    await agent.post('/login').send(answer).expect(403)
  })

  test('is found out by answers alone, without anybody who asks for a challenge', async () => {
    const own = await cloud()
    const world = fakeWorld()
    const { app, captcha } = site4(own, { budgets: false }, world)
    await own.fault('refuse')
    for (let i = 0; i < 5; i++) await visitor(app).post('/login').send(own.answerV4()).expect(503)
    await until(() => captcha.status.mode === 'down')
  })

  test('ends by itself once the cloud answers a look', async () => {
    const own = await cloud()
    const world = fakeWorld()
    const { app, captcha } = site4(own, {}, world)
    await own.fault('refuse')
    for (let i = 0; i < 5; i++) await visitor(app).get('/getcaptcha').expect(200)
    expect(captcha.status.mode).toBe('down')
    await own.fault('none')
    await until(() => {
      world.advance(1000)
      return captcha.status.mode === 'up'
    })
  })

  test('closes a form that is to be closed', async () => {
    const { own, agent, challenge } = await inOutage({ downtime: 'deny' })
    const fields = { ...work4(challenge, own.captchaId), captcha_output: '0' }
    const { body } = await agent.post('/login').send(fields).expect(403)
    expect(body.code).toBe('downtime_denied')
  })
})

describe('scenes of both versions in one app', () => {
  const OTHER = 'c'.repeat(32)
  let both: Simulator
  beforeAll(async () => {
    both = await cloud({ accounts: { [OTHER]: 'other-key' } })
  })

  function app(store = new MemoryStore()) {
    const v3 = ending(geetest({ ...credentials(both), scene: 'old', store }))
    const v4 = ending(
      geetest({ ...credentials4(both), captchaId: OTHER, privateKey: 'other-key', scene: 'new', store }),
    )
    const made = express().use(sessions()).use('/old', v3).use('/new', v4)
    made.post('/old', v3.validate(), (req, res) => void res.json(req.geetest))
    made.post('/new', v4.validate(), (req, res) => void res.json(req.geetest))
    return visitor(made.use(errorsAsJson))
  }
  const answer4 = () => both.answerV4({ captchaId: OTHER })
  async function answer3(agent: ReturnType<typeof app>) {
    const { body } = await agent.get('/old/getcaptcha').expect(200)
    return both.answer(body.challenge)
  }

  test('each takes its own', async () => {
    const agent = app()
    const right = await answer3(agent)
    expect((await agent.post('/old').send(right).expect(200)).body.scene).toBe('old')
    expect((await agent.post('/new').send(answer4()).expect(200)).body.scene).toBe('new')
  })

  test('neither takes the other’s answer', async () => {
    const agent = app()
    const right = await answer3(agent)
    expect((await agent.post('/new').send(right).expect(403)).body.code).toBe('missing')
    expect((await agent.post('/old').send(answer4()).expect(403)).body.code).toBe('missing')
  })

  test('neither takes the other’s pass', async () => {
    const agent = app()
    await agent.post('/new/validate').send(answer4()).expect(200, 'success')
    await agent.post('/old').expect(403)
  })

  test('a challenge of version 3 is none of version 4, whatever it is called', async () => {
    const agent = app()
    const { geetest_challenge, geetest_validate } = await answer3(agent)
    const disguised = { ...answer4(), lot_number: geetest_challenge.slice(0, 32), captcha_output: geetest_validate }
    expect((await agent.post('/new').send(disguised).expect(403)).body.code).toBe('scene_mismatch')
  })
})

describe('options that are about version 3', () => {
  const options = { captchaId: 'd'.repeat(32), privateKey: 'k', apiServer: 'http://127.0.0.1:1', version: 4 as const }
  const withoutClaim = { put: () => undefined, take: () => undefined }
  const provider = { name: 'own', issue: () => 'x', verify: () => true }

  test.each<[string, Partial<GeetestOptions>]>([
    ['digest', { digest: 'md5' }],
    ['newCaptcha', { newCaptcha: false }],
    ['prefetch', { prefetch: true }],
    ['bypass', { bypass: { url: 'https://example.com' } }],
    ['downtime', { downtime: 'failback' }],
    ['downtime', { downtime: provider }],
    ['store', { store: withoutClaim }],
  ])('%s is refused at construction, by name', (name, more) => {
    expect(() => geetest({ ...options, ...more })).toThrow(new RegExp(`option ${name}, with version: 4`))
  })

  test('another version is refused with the two that there are', () => {
    expect(() => geetest({ ...options, version: 5 as 4 })).toThrow(/option version is 5; write one of 3, 4/)
  })

  test('switched off, they may stand', () => {
    expect(() => ending(geetest({ ...options, prefetch: false, bypass: false }))).not.toThrow()
  })

  test('the cloud is the vendor’s of version 4 unless told otherwise', () => {
    const { apiServer: _none, ...plain } = options
    expect(ending(geetest({ ...plain, captchaId: 'ab'.repeat(16) })).settings).toMatchObject({
      version: 4,
      apiServer: 'https://gcaptcha4.geetest.com',
    })
  })
})

test('version 3 remains what it is without the option', async () => {
  const agent = visitor(site4(simulator, { version: undefined }).app)
  const { body } = await agent.get('/getcaptcha').expect(200)
  expect(body).not.toHaveProperty('version')
  await agent
    .post('/login')
    .send(await solve(agent, simulator))
    .expect(200)
})
