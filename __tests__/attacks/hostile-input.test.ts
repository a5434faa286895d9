/** @express4 bodies, a script that breaks off */
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import request from 'supertest'
import { geetest, GeetestClient } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, errorsAsJson, sessions, site, solve, visitor } from '../support/site'
import { sized } from '../support/size'
import { until } from '../support/world'
import { cookieOf, wireTo, type Wire } from './support/wire'

const NAMES = ['geetest_challenge', 'geetest_validate', 'geetest_seccode']

/** By the guard, or, with 413 and 415, by a parser in front of it. */
const DENIED = [400, 403, 413, 415]

/** What parses the body before the guard does. */
const PARSERS: [string, RequestHandler[]][] = [
  ['nobody', []],
  ['a lenient form parser and JSON', [express.urlencoded({ extended: true }), express.json({ strict: false })]],
]

/** A generator of numbers below `n` that begins anew with each seed: what fails once fails again. */
function dice(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
}

const KEYS = [...NAMES, '__proto__', 'constructor', 'prototype', 'length', 'toString', 'toJSON', 'then', '0', 'trim']
const LEAVES = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  '',
  ' ',
  '\0',
  '\u2028',
  '\ud800',
  '%00',
  '\r\n',
  'a'.repeat(32),
  'ａ'.repeat(32),
]

/** Any JSON at all, with a liking for names that mean something. */
function anyJson(roll: (n: number) => number, depth = 0): string {
  const kind = roll(depth > 3 ? 1 : 3)
  const some = (make: () => string) => Array.from({ length: roll(4) }, make).join(',')
  if (kind === 1) return `[${some(() => anyJson(roll, depth + 1))}]`
  if (kind === 2) return `{${some(() => `${JSON.stringify(KEYS[roll(KEYS.length)])}:${anyJson(roll, depth + 1)}`)}}`
  return JSON.stringify(LEAVES[roll(LEAVES.length)])
}

describe.each(PARSERS)('where %s parsed the body', (_, parsers) => {
  let simulator: Simulator
  let wire: Wire
  let cookie: { Cookie: string }
  beforeAll(async () => {
    simulator = await cloud()
    const captcha = geetest(credentials(simulator))
    const app = express().use(sessions(), ...parsers, captcha)
    app.post('/login', captcha.validate(), (_req, res) => void res.json({})).use(errorsAsJson)
    wire = await wireTo(app)
    cookie = cookieOf(await wire.send('GET', '/getcaptcha'))
  })
  beforeEach(() => simulator.forget())
  // Falls when: a field is used before its type is known, or an exception in the guard goes anywhere but to the error handler.
  afterEach(async () => {
    expect(simulator.calls).toEqual([])
    expect(({} as Record<string, unknown>).geetest_challenge).toBeUndefined()
    const { headers, text } = await wire.send('GET', '/getcaptcha', cookie)
    expect(headers['content-type']).toMatch(/json/)
    expect((await wire.post('/login', simulator.answer(JSON.parse(text).challenge), cookie)).status).toBe(200)
  })

  /** The status at the guard; POST /validate must have said no as well. */
  async function status(type: string, body: string | Buffer, headers = {}): Promise<number> {
    const all = { ...cookie, 'Content-Type': type, ...headers }
    expect((await wire.send('POST', '/validate', all, body)).text).not.toMatch(/success/)
    return (await wire.send('POST', '/login', all, body)).status
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('attack 13: JSON of any shape is denied (seed %i)', async (seed) => {
    const roll = dice(seed)
    for (let i = 0; i < sized(60); i++) {
      const fields = NAMES.map((name) => `"${name}":${anyJson(roll)}`).join(',')
      const body = roll(3) === 0 ? anyJson(roll) : `{${fields}}`
      expect([body, DENIED.includes(await status('application/json', body))]).toEqual([body, true])
    }
  })

  const all = (make: (name: string) => string) => NAMES.map(make).join('&')
  test.each([
    ['arrays', all((name) => `${name}[]=${'a'.repeat(32)}`)],
    ['repeated fields', all((name) => `${name}=${'a'.repeat(32)}&${name}=${'b'.repeat(32)}`)],
    ['objects', all((name) => `${name}[toString]=x&${name}[length]=32`)],
    ['the prototype', all((name) => `__proto__[${name}]=${'a'.repeat(32)}&constructor[prototype][${name}]=x`)],
    ['deep objects', all((name) => `${name}${'[a]'.repeat(500)}=x`)],
    ['a thousand indices', all((name) => Array.from({ length: 1000 }, (_, i) => `${name}[${i}]=a`).join('&'))],
    ['bytes that are no text', all((name) => `${name}=%ff%fe%c0%80%00`)],
    ['capitals of the names', all((name) => `${name.toUpperCase()}=${'a'.repeat(32)}`)],
  ])('attack 13: a form of %s is denied', async (_, body) => {
    expect(DENIED).toContain(await status('application/x-www-form-urlencoded', body))
  })

  test.each<[string, string, string | Buffer, object]>([
    ['1 MB of one field', 'application/json', JSON.stringify({ geetest_challenge: 'a'.repeat(1e6) }), {}],
    ['JSON 40,000 deep', 'application/json', `{"geetest_challenge":${'['.repeat(4e4)}${']'.repeat(4e4)}}`, {}],
    [
      'a gzip bomb of 50 MB',
      'application/json',
      gzipSync(`{"geetest_challenge":"${'a'.repeat(5e7)}"}`),
      { 'Content-Encoding': 'gzip' },
    ],
    ['a charset that nobody knows', 'application/x-www-form-urlencoded; charset=utf-7', 'geetest_challenge=x', {}],
    ['the type of another language', 'text/xml', '<geetest_challenge>x</geetest_challenge>', {}],
    ['a type that is no type', ';;;', 'geetest_challenge=x', {}],
  ])('attack 13: %s is denied', async (_, type, body, headers) => {
    expect(DENIED).toContain(await status(type, body, headers))
  })

  // Falls when: the guard waits for a body that does not come, or goes on without one.
  test.each([
    ['a length that is longer than the body', 'Content-Length: 60000\r\n\r\n{"geetest_challenge":'],
    ['a chunk that is no chunk', 'Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n'],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}'],
    ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
  ])('attack 13: a request with %s passes nowhere', async (_, rest) => {
    const head = `POST /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${cookie.Cookie ? `Cookie: ${cookie.Cookie}\r\n` : ''}`
    const text = await wire.raw(`${head}Content-Type: application/json\r\n${rest}`)
    expect(text).not.toMatch(/^HTTP\/1\.1 [23]/)
  })
})

// Falls when: fields are read through the prototype, which a body brings along wherever somebody copies it carelessly.
test('attack 13: a right answer in the prototype of the body is no answer', async () => {
  const simulator = await cloud()
  const copy: RequestHandler = (req, _res, next) => {
    req.body = Object.assign({}, req.body)
    next()
  }
  const captcha = geetest(credentials(simulator))
  const app = express().use(sessions(), express.json(), copy, captcha)
  app.post('/login', captcha.validate(), (_req, res) => void res.json({})).use(errorsAsJson)
  const wire = await wireTo(app)
  const issued = await wire.send('GET', '/getcaptcha')
  const hidden = `{"__proto__":${JSON.stringify(simulator.answer(JSON.parse(issued.text).challenge))}}`
  const json = { ...cookieOf(issued), 'Content-Type': 'application/json' }
  const { status, text } = await wire.send('POST', '/login', json, hidden)
  expect([status, JSON.parse(text).code]).toEqual([403, 'missing'])
})

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
  ['prototype brackets', 'application/x-www-form-urlencoded', NAMES.map((name) => `${name}[__proto__]=a`).join('&')],
  ['broken percent signs', 'application/x-www-form-urlencoded', NAMES.map((name) => `${name}=%zz%`).join('&')],
  ['a multipart form', 'multipart/form-data; boundary=x', '--x--'],
  ['gzip that is none', 'application/json', 'not gzip'],
]

// Falls when: a field is used before its type is known, or a body is judged that the guard cannot read.
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
    'attack 13: answers 400 or 403 to %s as %s, and sends nothing upstream',
    async (_, name, value) => {
      const right = { geetest_challenge: 'a'.repeat(32), geetest_validate: 'b'.repeat(32), geetest_seccode: 'c' }
      const { status } = await agent.post(path).send({ ...right, [name]: value })
      expect([400, 403]).toContain(status)
    },
  )

  test.each(BODIES)('attack 13: answers 400 or 403 to %s, and sends nothing upstream', async (what, type, text) => {
    const post = agent.post(path).set('Content-Type', type)
    if (what.startsWith('gzip')) post.set('Content-Encoding', 'gzip')
    const { status } = await post.send(text)
    expect([400, 403]).toContain(status)
  })
})

// Falls when: a form is put together by hand.
test('attack 13: what a field carries reaches the cloud as one value, never as a parameter', async () => {
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

// Falls when: a body that ended too soon counts as none.
test('attack 13: a request that breaks off in the middle of its body is malformed, and not one without an answer', async () => {
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

// Falls when: the parser's error goes on to the site, which quotes what could not be read.
test('attack 13: a broken body is answered in the words of this package, which do not quote it', async () => {
  const simulator = await cloud()
  const { body } = await request(site(credentials(simulator)).app)
    .post('/login')
    .set('Content-Type', 'application/json')
    .send('{"geetest_seccode": "secret')
    .expect(400)
  expect(body).toEqual({ code: 'malformed', message: expect.not.stringContaining('secret') })
})

// Falls when: every error of sendFile goes on to the site.
test('attack 13: a visitor who goes while a script is on its way is no error of the site', async () => {
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
