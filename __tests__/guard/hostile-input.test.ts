/** @express4 bodies, a script that breaks off */
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler } from 'express'
import request from 'supertest'
import { geetest, GeetestClient } from '../../lib'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import type { Simulator } from '../../lib/simulator'
import { until } from '../support/world'

const NAMES = ['geetest_challenge', 'geetest_validate', 'geetest_seccode']
/** What no captcha sends, as values of one field. */
const VALUES: [string, unknown][] = [
  ['an array', ['x']],
  ['an object', { toString: 'x' }],
  ['an object with length', { length: 32 }],
  ['a number', 12],
  ['null', null],
  ['true', true],
  ['an empty string', ''],
  ['blanks', '   '],
  ['a string of 60 kB', 'a'.repeat(60_000)],
  ['a NUL character', `${'a'.repeat(32)}\0`],
  ['a line break', `${'a'.repeat(32)}\r\nX: y`],
  ['an emoji', '😀'.repeat(20)],
  ['a lone surrogate', `\ud800${'a'.repeat(32)}`],
  ['full-width digits', '０'.repeat(32)],
]
/** Whole bodies: [what, content type, raw text]. */
const BODIES: [string, string, string][] = [
  ['broken JSON', 'application/json', '{"geetest_challenge": '],
  ['a JSON array', 'application/json', '["geetest_challenge"]'],
  ['a JSON string', 'application/json', '"geetest_challenge"'],
  ['JSON null', 'application/json', 'null'],
  ['an unknown charset', 'application/json; charset=klingon', '{}'],
  ['a body above the limit', 'application/json', JSON.stringify({ geetest_challenge: 'a'.repeat(300_000) })],
  [
    'fields of the prototype',
    'application/json',
    '{"__proto__":{"geetest_challenge":"x"},"constructor":{"prototype":{}}}',
  ],
  ['repeated fields', 'application/x-www-form-urlencoded', NAMES.map((name) => `${name}=a&${name}=b`).join('&')],
  ['bracketed fields', 'application/x-www-form-urlencoded', NAMES.map((name) => `${name}[]=a`).join('&')],
  ['prototype brackets', 'application/x-www-form-urlencoded', NAMES.map((name) => `${name}[__proto__]=a`).join('&')],
  ['broken percent signs', 'application/x-www-form-urlencoded', NAMES.map((name) => `${name}=%zz%`).join('&')],
  ['a multipart form', 'multipart/form-data; boundary=x', '--x--'],
  ['gzip that is none', 'application/json', 'not gzip'],
]

describe.each(['/validate', '/login'])('POST %s', (path) => {
  let simulator: Simulator
  let agent: ReturnType<typeof visitor>
  beforeAll(async () => {
    simulator = await cloud()
    // A busy machine is no outage: nobody but the tests is to call the cloud.
    agent = visitor(site({ ...credentials(simulator), timeout: 30_000 }).app)
    await agent.get('/getcaptcha')
  })
  beforeEach(() => simulator.forget())
  /** Nothing went upstream, and the process still serves an honest visitor. */
  afterEach(async () => {
    expect(simulator.calls).toEqual([])
    await agent
      .post(path)
      .send(await solve(agent, simulator))
      .expect(200)
  })

  test.each(NAMES.flatMap((name) => VALUES.map(([what, value]) => [what, name, value] as const)))(
    'answers 400 or 403 to %s as %s, and sends nothing upstream',
    async (_, name, value) => {
      const right = { geetest_challenge: 'a'.repeat(32), geetest_validate: 'b'.repeat(32), geetest_seccode: 'c' }
      const { status } = await agent.post(path).send({ ...right, [name]: value })
      expect([400, 403]).toContain(status)
    },
  )

  test.each(BODIES)('answers 400 or 403 to %s, and sends nothing upstream', async (what, type, text) => {
    const post = agent.post(path).set('Content-Type', type)
    if (what.startsWith('gzip')) post.set('Content-Encoding', 'gzip')
    const { status } = await post.send(text)
    expect([400, 403]).toContain(status)
  })
})

test('what a field carries reaches the cloud as one value, never as a parameter', async () => {
  const simulator = await cloud()
  const client = new GeetestClient(credentials(simulator))
  const { response } = await client.register({ userId: 'u&captchaid=evil#;%0d%0a' })
  const { geetest_validate } = simulator.answer(response.challenge)
  await client.successValidate(response.challenge, geetest_validate, 'x&captchaid=evil#;%0d%0a')
  expect(simulator.calls.map(({ params }) => params)).toMatchObject([
    { gt: simulator.captchaId, user_id: 'u&captchaid=evil#;%0d%0a' },
    { seccode: 'x&captchaid=evil#;%0d%0a', captchaid: simulator.captchaId },
  ])
})

test('a request that breaks off in the middle of its body is malformed, and not one without an answer', async () => {
  const simulator = await cloud()
  const { app, captcha } = site(credentials(simulator))
  const outcomes: unknown[] = []
  app.post('/slow', (req, _res, next) => {
    // By the time the guard looks, the visitor has gone.
    req.once('close', () => void captcha.verify(req).then((verdict) => outcomes.push(verdict), next))
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"a"')
  socket.end()
  socket.destroySoon()
  await until(() => outcomes.length > 0)
  server.close()
  expect(outcomes).toEqual([{ ok: false, code: 'malformed' }])
})

test('a broken body is answered in the words of this package, which do not quote it', async () => {
  const simulator = await cloud()
  const { body } = await request(site(credentials(simulator)).app)
    .post('/login')
    .set('Content-Type', 'application/json')
    .send('{"geetest_seccode": "secret')
    .expect(400)
  expect(body).toEqual({ code: 'malformed', message: expect.not.stringContaining('secret') })
})

test('a visitor who goes while a script is on its way is no error of the site', async () => {
  const simulator = await cloud()
  const errors: unknown[] = []
  const app = express()
  app.get('/gone', (req, _res, next) => {
    req.socket.destroy()
    req.url = '/gt.js'
    next()
  })
  app.use(geetest(credentials(simulator)))
  app.use(((error, _req, _res, next) => next(errors.push(error))) satisfies ErrorRequestHandler)
  await expect(request(app).get('/gone')).rejects.toThrow('socket hang up')
  await request(app).get('/gt.js').expect(200)
  expect(errors).toEqual([])
})
