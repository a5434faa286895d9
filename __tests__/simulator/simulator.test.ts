import { get } from 'node:http'
import { createServer } from 'node:http'
import request from 'supertest'
import { deriveChallenge, md5 } from '../../lib/digest'
import { createSimulator } from '../../lib/simulator'
import { textsOf } from '../support/ears'
import { cloud } from '../support/site'

const JSON_FORM = { json_format: '1' }

async function open(options?: Parameters<typeof cloud>[0]) {
  const simulator = await cloud(options)
  const api = request(simulator.url)
  const register = (params = {}) => api.get('/register.php').query({ gt: simulator.captchaId, ...params })
  const validate = (params = {}) => api.post('/validate.php').type('form').send(params)
  /** A registered challenge, solved. */
  const solved = async () => {
    const { text } = await register()
    return simulator.answer(deriveChallenge(text, simulator.privateKey, 'md5'))
  }
  return { simulator, api, register, validate, solved }
}

describe('register.php of the simulator', () => {
  test('answers 32 characters of bare text', async () => {
    const { register } = await open()
    expect((await register().expect(200)).text).toMatch(/^[0-9a-f]{32}$/)
  })

  test('answers JSON where json_format=1 asks for it', async () => {
    const { register } = await open()
    expect((await register(JSON_FORM).expect(200)).body).toEqual({ challenge: expect.stringMatching(/^[0-9a-f]{32}$/) })
  })

  test.each([
    [{}, '0'],
    [JSON_FORM, '{"challenge":"0"}'],
  ])('does not know a foreign id: %j', async (params, text) => {
    const { api } = await open()
    await api
      .get('/register.php')
      .query({ gt: 'e'.repeat(32), ...params })
      .expect(200, text)
  })

  test.each(['123456789', ''])('forbids an id that cannot be one: %j', async (gt) => {
    const { api } = await open()
    await api.get('/register.php').query({ gt }).expect(403)
  })

  test('remembers whom it was asked for, the misspelt parameter of one SDK included', async () => {
    const { simulator, register } = await open()
    await register({ user_id: 'u1', client_type: 'h5', ip_adress: '10.1.1.1' })
    expect(simulator.events).toMatchObject([{ userId: 'u1', clientType: 'h5', ipAddress: '10.1.1.1' }])
  })
})

describe('validate.php of the simulator', () => {
  test('says yes to a solved challenge by seccode alone, in the md5 of it', async () => {
    const { validate, solved } = await open()
    const { geetest_seccode: seccode } = await solved()
    await validate({ seccode }).expect(200, md5(seccode))
  })

  test('says yes in JSON where json_format=1 asks for it', async () => {
    const { validate, solved } = await open()
    const { geetest_seccode: seccode } = await solved()
    await validate({ seccode, ...JSON_FORM }).expect(200, `{"seccode":"${md5(seccode)}"}`)
  })

  test('says yes once', async () => {
    const { validate, solved } = await open()
    const { geetest_seccode: seccode } = await solved()
    await validate({ seccode })
    await validate({ seccode }).expect(200, 'false')
    await validate({ seccode, ...JSON_FORM }).expect(200, '{"seccode":"false"}')
  })

  test.each([{ challenge: 'x' }, { captchaid: 'x' }, { gt: 'x' }])('says no where %j disagrees', async (wrong) => {
    const { validate, solved } = await open()
    const { geetest_seccode: seccode } = await solved()
    await validate({ seccode, ...wrong }).expect(200, 'false')
  })

  test('says no to what nobody solved', async () => {
    const { validate } = await open()
    await validate({ seccode: 'made-up|jordan' }).expect(200, 'false')
    await validate().expect(200, 'false')
  })

  test('says no ten minutes after the challenge was registered', async () => {
    const clock = { time: 0 }
    const { validate, solved } = await open({ now: () => clock.time })
    const { geetest_seccode: seccode } = await solved()
    clock.time = 600_000
    await validate({ seccode }).expect(200, 'false')
  })
})

test('bypass_status.php of the simulator is up until a fault says otherwise', async () => {
  const { api, simulator } = await open()
  await api.get('/v1/bypass_status.php').query({ gt: simulator.captchaId }).expect(200, { status: 'success' })
  await simulator.fault('status-fail', { endpoint: 'bypass' })
  await api.post('/v1/bypass_status.php').type('form').send({ gt: 'x' }).expect(200, { status: 'fail' })
})

describe('simulator.answer', () => {
  test('gives the same three fields when it is asked again', async () => {
    const { simulator, solved } = await open()
    const answer = await solved()
    expect(simulator.answer(answer.geetest_challenge)).toEqual(answer)
  })

  test('is for the challenge that reset.php would give, too', async () => {
    const { simulator, validate, solved } = await open()
    const { geetest_challenge: challenge } = await solved()
    const { geetest_seccode: seccode } = simulator.answer(simulator.reset(challenge))
    expect((await validate({ seccode })).text).toBe(md5(seccode))
    expect(() => simulator.reset(challenge)).toThrow(/no live challenge/)
  })

  test('says what to give it where the challenge is none of its own', async () => {
    const { simulator } = await open()
    expect(() => simulator.answer('f'.repeat(32))).toThrow(/no live challenge "f+".*GET \/getcaptcha with success 1/)
  })
})

describe('simulator.fault', () => {
  test('holds for as many calls as it was set for', async () => {
    const { simulator, register } = await open()
    await simulator.fault('500', { endpoint: 'register', calls: 2 })
    const statuses = [await register(), await register(), await register()].map(({ status }) => status)
    expect(statuses).toEqual([500, 500, 200])
  })

  test('holds at its endpoint alone', async () => {
    const { simulator, register, api } = await open()
    await simulator.fault('502', { endpoint: 'validate' })
    await register().expect(200)
    await api.post('/validate.php').expect(502)
  })

  test('refuse closes the port, and none opens the same port again', async () => {
    const { simulator, register } = await open()
    await simulator.fault('refuse')
    await expect(register()).rejects.toThrow(/ECONNREFUSED/)
    await simulator.fault('none')
    await register().expect(200)
  })

  test.each([
    ['explode', {}, /there is no fault "explode"; write one of none, hang, slow/],
    ['500', { endpoint: 'login' }, /there is no endpoint "login"; write one of register, validate/],
    ['wrong-digest', { endpoint: 'register' }, /would be a right answer; write one of validate/],
    ['500', { calls: 0 }, /calls is 0; write a whole number from 1/],
  ])('%s %j is refused with words', async (kind, where, words) => {
    const { simulator } = await open()
    await expect(simulator.fault(kind as never, where as never)).rejects.toThrow(words)
  })
})

describe('the calls of the widget', () => {
  const parse = (text: string) => JSON.parse(/^\/\*\*\/cb\((.*)\)$/.exec(text)?.[1] ?? 'null')

  async function widget(options?: Parameters<typeof cloud>[0]) {
    const { simulator, api, register } = await open(options)
    const challenge = deriveChallenge((await register()).text, simulator.privateKey, 'md5')
    const call = async (path: string, params = {}) => {
      const { text } = await api.get(path).query({ gt: simulator.captchaId, challenge, callback: 'cb', ...params })
      return parse(text)
    }
    return { simulator, api, call, challenge }
  }

  test('gettype.php names the script and the host as the browser knows it', async () => {
    const { simulator, api, call } = await widget()
    const { status, data } = await call('/gettype.php')
    expect(status).toBe('success')
    expect(data.static_servers).toEqual([`${simulator.url.replace('http://', '')}/`])
    const script = await api.get(data[data.type]).expect(200)
    expect(script.text).toContain('Geetest')
  })

  test('the first get.php and ajax.php tell the bar that a puzzle is wanted, beside a status', async () => {
    const { call } = await widget()
    expect(await call('/get.php')).toMatchObject({ status: 'success', data: { theme: 'wind' } })
    expect(await call('/ajax.php')).toEqual({ status: 'success', data: { result: 'slide' } })
  })

  test('a piece in the gap is solved, said without a status, and the answer passes validate.php once', async () => {
    const { simulator, api, call, challenge } = await widget()
    const puzzle = await call('/get.php', { is_next: 'true' })
    expect(puzzle.challenge).toMatch(new RegExp(`^${challenge}[0-9a-z]{2}$`))
    const judged = await call('/ajax.php', {
      challenge: puzzle.challenge,
      w: JSON.stringify({ x: puzzle.gap, passtime: 900 }),
    })
    expect(judged).toEqual({
      success: 1,
      message: 'success',
      validate: md5(`${simulator.privateKey}geetest${puzzle.challenge}`),
      score: '5',
    })
    const seccode = `${judged.validate}|jordan`
    await api.post('/validate.php').type('form').send({ seccode, challenge: puzzle.challenge }).expect(md5(seccode))
    expect((await call('/get.php')).error_code).toBe('error_02')
  })

  test.each(['{"x":0}', '{"x":"100"}', 'not json', 'null', ''])('%s is no piece in the gap', async (w) => {
    const { call } = await widget()
    const { challenge } = await call('/get.php', { is_next: 'true' })
    expect(await call('/ajax.php', { challenge, w })).toEqual({ success: 0, message: 'fail' })
  })

  test('ends after too many tries and after too many pictures', async () => {
    const { call } = await widget()
    const { challenge } = await call('/get.php', { is_next: 'true' })
    const tries = []
    for (let i = 0; i < 7; i++) tries.push(await call('/ajax.php', { challenge, w: '{"x":0}' }))
    expect(tries.map(({ error_code }) => error_code ?? 'ok')).toEqual([...Array<string>(6).fill('ok'), 'error_12'])
    const pictures = []
    for (let i = 0; i < 11; i++) pictures.push(await call('/refresh.php', { challenge }))
    expect(pictures.at(-1).error_code).toBe('error_01')
    expect(pictures.at(-2)).toMatchObject({ challenge, type: 'slide' })
  })

  test('reset.php gives another challenge, whose answer validate.php says yes to; the old one is worth nothing', async () => {
    const { simulator, api, call, challenge } = await widget()
    const { geetest_seccode: before } = simulator.answer(challenge)
    const { challenge: next } = (await call('/reset.php')).data
    expect(next).toMatch(/^[0-9a-f]{32}$/)
    expect(next).not.toBe(challenge)
    await api.post('/validate.php').type('form').send({ seccode: before }).expect('false')
    expect((await call('/get.php')).error_code).toBe('error_23')
    const { geetest_seccode: seccode } = simulator.answer(next, { slide: true })
    await api.post('/validate.php').type('form').send({ seccode }).expect(md5(seccode))
  })

  test('reset.php gives a challenge as long as the one before', async () => {
    const { simulator, register } = await open()
    const origin = (await register({ digestmod: 'sha256' })).text
    expect(simulator.reset(deriveChallenge(origin, simulator.privateKey, 'sha256'))).toMatch(/^[0-9a-f]{64}$/)
  })

  test('reset.php gives the same challenge again where the simulator is told so', async () => {
    const { simulator, api, call, challenge } = await widget({ resetGives: 'same' })
    const { geetest_seccode: seccode } = simulator.answer(challenge)
    expect((await call('/reset.php')).data).toEqual({ challenge })
    await api.post('/validate.php').type('form').send({ seccode }).expect('false')
    expect((await call('/get.php')).status).toBe('success')
  })

  test.each([
    [{ gt: 'e'.repeat(32) }, 'error_31'],
    [{ challenge: 'e'.repeat(32) }, 'error_23'],
  ])('%j is answered with the documented error', async (params, code) => {
    const { call } = await widget()
    expect(await call('/get.php', params)).toMatchObject({ status: 'error', error_code: code })
  })

  test('an id is unknown to gettype.php in the same words', async () => {
    const { call } = await widget()
    expect((await call('/gettype.php', { gt: 'x' })).error_code).toBe('error_31')
  })

  test.each(['alert(1)//', '<script>', 'a b', ''])('a callback named %j is refused', async (callback) => {
    const { api, simulator } = await widget()
    const { text } = await api.get('/gettype.php').query({ gt: simulator.captchaId, callback }).expect(400)
    expect(text).toBe('callback must be a plain name')
  })

  test('without a callback the object comes in parentheses', async () => {
    const { api, simulator } = await widget()
    const { text } = await api.get('/gettype.php').query({ gt: simulator.captchaId })
    expect(text).toMatch(/^\/\*\*\/\(\{"status":"success"/)
  })

  test('a Host header that is no host never gets into a script', async () => {
    const { api, simulator } = await widget()
    const { text } = await api.get('/gettype.php').query({ gt: simulator.captchaId }).set('Host', 'x"];alert(1)//')
    expect(text).toContain('"localhost/"')
  })
})

describe('createSimulator', () => {
  test('gives its key and its calls to whoever asks for them by name', async () => {
    const { simulator, register } = await open()
    await register()
    const { privateKey, calls } = simulator
    expect(privateKey).toMatch(/^[0-9a-f]{32}$/)
    expect(calls.length).toBeGreaterThan(0)
  })

  test('says its address when it is inspected or put into JSON, and that it has none before its start', async () => {
    const { simulator } = await open()
    expect(textsOf(simulator).every((text) => text.includes(simulator.url))).toBe(true)
    const idle = createSimulator()
    for (const text of textsOf(idle)) expect(text).toContain(idle.captchaId)
  })

  afterEach(() => {
    process.env.NODE_ENV = 'test'
  })

  test('refuses to run in production unless it is asked by name', () => {
    process.env.NODE_ENV = 'production'
    expect(() => createSimulator()).toThrow(/NODE_ENV is production.*allowInProduction: true/)
    expect(() => createSimulator({ allowInProduction: true })).not.toThrow()
  })

  test('refuses an id that no cloud would know', () => {
    expect(() => createSimulator({ captchaId: 'mine' })).toThrow(/captcha id "mine" cannot be one/)
  })

  test.each([
    [{ widget: 'fullpage-9' }, /widget is "fullpage-9"; write 'fullpage-9\.0\.9' or 'fullpage-9\.1\.0'/],
    [{ widgetV4: 'gcaptcha4' }, /widgetV4 is "gcaptcha4"; write 'gcaptcha4-2024' or 'gcaptcha4-2022'/],
    [{ resetGives: 'new' }, /resetGives is "new"; write 'another' or 'same'/],
  ])('%j is refused, with what is allowed', (options, words) => {
    expect(() => createSimulator(options as never)).toThrow(words)
  })

  test.each([
    [{}, 'fullpage-9.0.9', 'gcaptcha4-2024'],
    [{ widget: 'fullpage-9.1.0', widgetV4: 'gcaptcha4-2022' }, 'fullpage-9.1.0', 'gcaptcha4-2022'],
  ] as const)('%j serves the widgets of that version', async (options, v3, v4) => {
    const { api } = await open(options)
    const scripts = [await api.get('/static/js/simulator.js'), await api.get('/v4/static/simulator/js/gcaptcha4.js')]
    expect(scripts.map(({ text }) => text.slice(-(v3.length + 6)))).toEqual([
      expect.stringContaining(`)("${v3}")`),
      expect.stringContaining(`("${v4}")`),
    ])
  })

  test('listens on loopback alone', async () => {
    const { simulator } = await open()
    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test('has no url before it runs, and does not run twice', async () => {
    const simulator = createSimulator()
    expect(() => simulator.url).toThrow(/await simulator\.start\(\) first/)
    await simulator.start()
    await expect(simulator.start()).rejects.toThrow(/it runs already/)
    await simulator.stop()
    await simulator.stop()
  })

  test('runs on a port of one’s choice', async () => {
    // A port that was free a moment ago, which the system gives to nobody by itself: another process's tests take what it gives.
    const before = createSimulator()
    await before.start()
    const port = Number(new URL(before.url).port)
    await before.stop()
    const simulator = createSimulator()
    await simulator.start(port)
    expect(simulator.url).toBe(`http://127.0.0.1:${port}`)
    await simulator.stop()
  })

  test('is a plain handler too', async () => {
    const { handler, captchaId } = createSimulator()
    await request(createServer((req, res) => void handler(req, res)))
      .get('/register.php')
      .query({ gt: captchaId })
      .expect(200)
  })

  test('logs every call: endpoint, parameters, fault', async () => {
    const { simulator, register, api } = await open({ now: () => 7 })
    await simulator.fault('500', { endpoint: 'register', calls: 1 })
    await register()
    await api.get('/elsewhere').expect(404)
    expect(simulator.calls).toMatchObject([
      {
        endpoint: 'register',
        method: 'GET',
        path: '/register.php',
        params: { gt: simulator.captchaId },
        at: 7,
        fault: '500',
      },
      { endpoint: 'unknown', path: '/elsewhere' },
    ])
    simulator.forget()
    expect(simulator.calls).toEqual([])
  })

  test('stops with connections hanging', async () => {
    const simulator = createSimulator()
    await simulator.start()
    await simulator.fault('hang')
    const ended = new Promise((resolve) => void get(`${simulator.url}/register.php`).once('error', resolve))
    while (simulator.calls.length === 0) await new Promise(setImmediate)
    await simulator.stop()
    expect(await ended).toMatchObject({ code: 'ECONNRESET' })
  })
})
