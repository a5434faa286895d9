/** @express4 bodies */
import express, { type RequestHandler } from 'express'
import { geetest } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, errorsAsJson, sessions, solve, visitor } from '../support/site'

describe('a guard reads the body', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  /** A visitor of a site where `before` runs in front of the guard; the handler answers what is on req.body by then. */
  function open(before: RequestHandler) {
    const captcha = geetest(credentials(simulator))
    const app = express().use(sessions(), captcha)
    app.post('/login', before, captcha.validate(), (req, res) => void res.json({ body: req.body }))
    return visitor(app.use(errorsAsJson))
  }

  test('as a parser of the site’s own has left it, whatever is on the wire', async () => {
    let parsed: unknown
    const agent = open((req, _res, next) => {
      req.body = parsed
      next()
    })
    parsed = await solve(agent, simulator)
    const { body } = await agent.post('/login').send({ geetest_challenge: 'another' }).expect(200)
    expect(body).toEqual({ body: parsed })
  })

  test.each(['text', 7, ['geetest_challenge'], null])(
    'and finds no answer in %j that somebody has put there',
    async (left) => {
      const agent = open((req, _res, next) => {
        req.body = left
        next()
      })
      const answer = await solve(agent, simulator)
      const { body } = await agent.post('/login').send(answer).expect(403)
      expect(body.code).toBe('missing')
    },
  )

  test.each([undefined, {}])('itself where %j is all that was left', async (left) => {
    const agent = open((req, _res, next) => {
      req.body = left
      next()
    })
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
  })

  test('of a form as flat fields', async () => {
    const agent = open((_req, _res, next) => next())
    const answer = await solve(agent, simulator)
    const form = new URLSearchParams({ ...answer, 'user[name]': 'demo' }).toString()
    const { body } = await agent.post('/login').type('form').send(form).expect(200)
    expect(body.body).toMatchObject({ 'user[name]': 'demo' })
  })

  /** Whoever has read the body and not parsed it leaves what is on the wire: serverless adapters, `express.raw`, `express.text`. */
  const LEFT: [string, (text: string) => unknown][] = [
    ['a Buffer', (text) => Buffer.from(text)],
    ['a Uint8Array', (text) => new TextEncoder().encode(text)],
    ['an ArrayBuffer', (text) => new Uint8Array(Buffer.from(text)).buffer],
    ['a text', (text) => text],
  ]
  const WRITTEN: [string, (answer: object) => string][] = [
    ['application/json', (answer) => JSON.stringify(answer)],
    ['application/json; charset=utf-8', (answer) => JSON.stringify(answer)],
    ['application/vnd.api+json', (answer) => JSON.stringify(answer)],
    ['application/x-www-form-urlencoded', (answer) => new URLSearchParams({ ...answer }).toString()],
    ['Application/X-WWW-Form-Urlencoded;charset=UTF-8', (answer) => new URLSearchParams({ ...answer }).toString()],
  ]

  describe.each(LEFT)('that somebody has left as %s', (_, leave) => {
    let left: unknown
    const open1 = () =>
      open((req, _res, next) => {
        req.body = left
        next()
      })

    test.each(WRITTEN)('by its type, %s, and leaves it as it is', async (type, write) => {
      const agent = open1()
      left = leave(write(await solve(agent, simulator)))
      const captured = left
      await agent.post('/login').set('Content-Type', type).send('-').expect(200)
      expect(left).toBe(captured)
    })

    test.each(['text/plain', 'multipart/form-data; boundary=x', 'octets'])(
      'and finds nothing in it where its type is %j',
      async (type) => {
        const agent = open1()
        left = leave(JSON.stringify(await solve(agent, simulator)))
        const { body } = await agent.post('/login').set('Content-Type', type).send('-').expect(403)
        expect(body).toEqual({ code: 'missing', message: expect.stringContaining('The body was not read: it') })
      },
    )
  })

  test('that express.raw has read', async () => {
    const agent = open(express.raw({ type: '*/*' }))
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
  })

  test('and finds bytes that are no JSON malformed', async () => {
    const agent = open(express.raw({ type: '*/*' }))
    const { body } = await agent.post('/login').type('json').send('{"geetest').expect(400)
    expect(body.code).toBe('malformed')
  })

  test('of a form with 1,100 more fields', async () => {
    const agent = open((_req, _res, next) => next())
    const answer = await solve(agent, simulator)
    const rows = Array.from({ length: 1100 }, (_, i) => [`row${i}`, 'x'])
    const form = new URLSearchParams([...rows, ...Object.entries(answer)] as string[][]).toString()
    await agent.post('/login').type('form').send(form).expect(200)
  })

  test('of JSON of a type of its own', async () => {
    const agent = open((_req, _res, next) => next())
    const answer = JSON.stringify(await solve(agent, simulator))
    await agent.post('/login').type('application/vnd.api+json').send(answer).expect(200)
  })
})

describe('who gets no answer because of how the body came is told so, in the words for', () => {
  let agent: ReturnType<typeof visitor>
  beforeAll(async () => {
    const captcha = geetest(credentials(await cloud()))
    const app = express().use(sessions(), captcha)
    app.post('/login', captcha.validate(), (_req, res) => void res.json({}))
    const drained: RequestHandler = (req, _res, next) => void req.resume().once('end', next)
    app.post('/drained', drained, captcha.validate(), (_req, res) => void res.json({}))
    agent = visitor(app.use(errorsAsJson))
  })

  const big = JSON.stringify({ text: 'x'.repeat(120_000) })
  test.each<[string, string, string, number, string]>([
    [
      'FormData',
      'multipart/form-data; boundary=x',
      '--x--',
      403,
      'its type is multipart/form-data. Put a parser in front',
    ],
    ['fetch with a text', 'text/plain;charset=UTF-8', '{"a":1}', 403, 'its type is text/plain. Send application/json'],
    ['XML', 'application/xml', '<a/>', 403, 'its type is application/xml.'],
    ['a type that is none', 'json', '{}', 403, 'it has no Content-Type'],
    [
      'more than the parser takes',
      'application/json',
      big,
      400,
      'it is larger than 100 kB. Put a parser of yours in front',
    ],
    ['another charset', 'application/json; charset=klingon', '{}', 400, 'its charset is none that is known here'],
  ])('%s', async (_, type, text, status, words) => {
    const { body } = await agent.post('/login').set('Content-Type', type).send(text).expect(status)
    expect(body.message).toContain(`The body was not read: ${words}`)
  })

  test('a body that was read before, and left nowhere', async () => {
    const { body } = await agent.post('/drained').send({ geetest_challenge: 'x' }).expect(403)
    expect(body.message).toContain('something in front of the guard has read it')
  })

  test('and in no more words than that where there is none, or it was read', async () => {
    for (const send of [undefined, {}, { username: 'demo' }]) {
      const { body } = await agent.post('/login').send(send).expect(403)
      expect(body.message).toBe('The captcha was not solved: the request carries neither an answer nor a pass.')
    }
  })

  test('and in no words of the visitor’s own', async () => {
    const { body } = await agent.post('/login').set('Content-Type', 'a/<script>alert(1)</script>').send('x').expect(403)
    expect(body.message).not.toContain('script')
  })
})
