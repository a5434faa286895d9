/** @express4 bodies, errors and promises */
import express, { type Express, type Request } from 'express'
import { createServer } from 'node:http'
import { format } from 'node:util'
import request from 'supertest'
import * as exported from '../../lib'
import type { Geetest, GuardOptions, VerifyOptions } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, ending, errorsAsJson, sessions, site, solve, visitor } from '../support/site'
import { credentials4 } from '../support/site-v4'
import { work } from '../support/work'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})

/** A site whose `POST /login` asks for the verdict by itself, as decorators, resolvers and gateways do. */
function asking(options: VerifyOptions | undefined, of: Partial<Parameters<typeof site>[0]> = {}) {
  const captcha = ending(exported.geetest({ ...credentials(simulator), ...of }))
  const app = express()
  app.use(sessions(), captcha)
  app.post('/login', (req, res, next) => {
    captcha
      .verify(req, options)
      .then((verdict) => res.json({ verdict, body: (req.body as unknown) ?? null }))
      .catch(next)
  })
  app.use(errorsAsJson)
  return { app, captcha }
}

/** A site whose guard has these options, and what its handler finds in the body. */
function guarded(options: GuardOptions, of: Partial<Parameters<typeof site>[0]> = {}): Express {
  const captcha = ending(exported.geetest({ ...credentials(simulator), ...of }))
  const app = express()
  app.use(sessions(), captcha)
  app.post('/login', captcha.validate(options), (req, res) => void res.json(req.body))
  return app.use(errorsAsJson)
}

const down = (captcha: Geetest): Geetest => {
  captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
  return captcha
}

describe('captcha.verify(req, options) has what the guard has:', () => {
  test('uses, so that one answer opens it more than once', async () => {
    const agent = visitor(asking({ uses: 2 }).app)
    const answer = await solve(agent, simulator)
    const first = await agent.post('/login').send(answer)
    const second = await agent.post('/login')
    const third = await agent.post('/login')
    expect(first.body.verdict).toMatchObject({ ok: true, via: 'answer', left: 1 })
    expect(second.body.verdict).toMatchObject({ ok: true, via: 'pass', left: 0 })
    expect(third.body.verdict).toEqual({ ok: false, code: 'missing' })
  })

  test('seconds, after which a further use is over', async () => {
    let time = Date.now()
    const captcha = ending(exported.geetest(credentials(simulator), { now: () => time }))
    const app = express().use(sessions(), captcha)
    app.post('/login', async (req, res) => void res.json(await captcha.verify(req, { uses: 2, seconds: 5 })))
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    expect((await agent.post('/login').send(answer)).body.ok).toBe(true)
    time += 5000
    expect((await agent.post('/login')).body).toEqual({ ok: false, code: 'missing' })
  })

  test('downtime, so that it may be stricter than its scene', async () => {
    const { app, captcha } = asking({ downtime: 'deny' })
    down(captcha)
    const agent = visitor(app)
    const { body } = await agent.get('/getcaptcha')
    const { verdict } = (await agent.post('/login').send(work(body.challenge))).body
    expect(verdict).toEqual({ ok: false, code: 'downtime_denied' })
  })

  test('take, so that the fields are gone from the body, and nothing else is', async () => {
    const agent = visitor(asking({ take: true }).app)
    const answer = await solve(agent, simulator)
    const { body } = await agent.post('/login').send({ ...answer, username: 'demo' })
    expect(body).toMatchObject({ verdict: { ok: true }, body: { username: 'demo' } })
    expect(Object.keys(body.body)).toEqual(['username'])
  })

  test('answer, so that the fields may be anywhere', async () => {
    const agent = visitor(asking({ answer: (req) => req.body.variables.input }).app)
    const input = await solve(agent, simulator)
    const { body } = await agent.post('/login').send({ query: 'mutation', variables: { input } })
    expect(body.verdict).toMatchObject({ ok: true, via: 'answer' })
  })

  test('and refuses what it does not have, in its own name', async () => {
    const { body } = await request(asking({ use: 2 } as never).app)
      .post('/login')
      .expect(500)
    expect(body).toEqual({
      code: 'invalid_option',
      message: 'express-geetest: captcha.verify: there is no option "use"; did you mean uses?',
    })
  })
})

describe('an answer function', () => {
  const variables = (req: Request): unknown => req.body?.variables

  test('of the plugin is every guard’s, and a guard’s own comes before it', async () => {
    const captcha = ending(exported.geetest({ ...credentials(simulator), answer: variables }))
    const app = express().use(sessions(), captcha)
    app.post('/graphql', captcha.validate(), (_req, res) => void res.end())
    app.post('/plain', captcha.validate({ answer: ({ body }) => body }), (_req, res) => void res.end())
    app.use(errorsAsJson)
    const agent = visitor(app)
    const [first, second, third] = [
      await solve(agent, simulator),
      await solve(agent, simulator),
      await solve(agent, simulator),
    ]
    await agent.post('/graphql').send({ variables: first }).expect(200)
    await agent.post('/plain').send(second).expect(200)
    await agent.post('/graphql').send(third).expect(403)
  })

  test('leaves POST /validate its own body', async () => {
    const { app } = site({ ...credentials(simulator), answer: variables })
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send(answer).expect(200, 'success')
  })

  test('may return a promise', async () => {
    const agent = visitor(guarded({ answer: async (req) => req.body.captcha }))
    const captcha = await solve(agent, simulator)
    await agent.post('/login').send({ captcha }).expect(200)
  })

  test('reads headers where there is no body', async () => {
    const answer = (req: Request): unknown => JSON.parse(req.get('X-Captcha') ?? '{}')
    const agent = visitor(guarded({ answer }))
    const fields = await solve(agent, simulator)
    await agent.post('/login').set('X-Captcha', JSON.stringify(fields)).expect(200)
    await agent.post('/login').expect(403)
  })

  test.each([undefined, null, 'text', 7, [], {}])('that returns %j has found none', async (found) => {
    const { body } = await request(guarded({ answer: () => found }))
      .post('/login')
      .expect(403)
    expect(body.code).toBe('missing')
  })

  test('takes the fields from where it found them', async () => {
    const agent = visitor(guarded({ answer: variables, take: true }))
    const fields = await solve(agent, simulator)
    const { body } = await agent.post('/login').send({ variables: { ...fields, name: 'demo' } })
    expect(body).toEqual({ variables: { name: 'demo' } })
  })

  test.each([
    ['throws', (req: Request) => req.body.variables.input as unknown],
    ['rejects', (req: Request) => Promise.resolve().then(() => JSON.parse(req.body.text))],
  ])('that %s is a mistake of the set-up, which quotes nothing and shows nobody a stack', async (_, answer) => {
    const warned = jest.spyOn(process, 'emitWarning').mockReturnValue()
    const captcha = ending(exported.geetest(credentials(simulator)))
    const app = express().set('env', 'development').use(sessions(), captcha)
    app.post('/login', captcha.validate({ answer }), (_req, res) => void res.end('in'))
    const said = jest.spyOn(console, 'error').mockReturnValue()
    const replies = []
    for (const _time of [1, 2]) replies.push(await request(app).post('/login').send({ text: 'a-seccode' }))
    // Express logs in the turn behind its answer.
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
    const lines = said.mock.calls.map((args) => format(...args))
    said.mockRestore()
    for (const { status, text } of replies) {
      expect(status).toBe(500)
      expect(text).toContain('answer(req) threw')
      expect(text).not.toMatch(/a-seccode|\.ts:|\.js:|node_modules/)
    }
    expect(lines.filter((line) => line.includes('\n'))).toEqual([])
    const own = warned.mock.calls.filter(([, as]) => (as as { code?: string }).code === 'GEETEST_ANSWER')
    warned.mockRestore()
    expect(own).toEqual([[expect.stringMatching(/^answer\(req\) threw \w+Error at .*told once$/), expect.anything()]])
    expect(String(own[0]?.[0])).not.toContain('a-seccode')
  })
})

describe('take: true', () => {
  test('takes the fields of version 4 by its constants, the captcha id among them', async () => {
    const { FN_CAPTCHA_ID, FN_CAPTCHA_OUTPUT, FN_GEN_TIME, FN_LOT_NUMBER, FN_PASS_TOKEN } = exported
    const agent = visitor(guarded({ take: true }, credentials4(simulator)))
    const answer = simulator.answerV4()
    expect(Object.keys(answer).toSorted()).toEqual(
      [FN_CAPTCHA_ID, FN_CAPTCHA_OUTPUT, FN_GEN_TIME, FN_LOT_NUMBER, FN_PASS_TOKEN].toSorted(),
    )
    const { body } = await agent
      .post('/login')
      .send({ ...answer, name: 'demo' })
      .expect(200)
    expect(body).toEqual({ name: 'demo' })
  })

  test('leaves nothing for whoever logs the bodies of denied requests', async () => {
    const captcha = ending(exported.geetest(credentials(simulator)))
    const app = express().use(sessions(), captcha)
    app.post('/login', captcha.validate({ take: true, onDeny: (_error, req, res) => void res.json(req.body) }))
    const answer = { geetest_challenge: 'a'.repeat(32), geetest_validate: 'b'.repeat(32), geetest_seccode: 'c' }
    const { body } = await request(app)
      .post('/login')
      .send({ ...answer, name: 'demo' })
    expect(body).toEqual({ name: 'demo' })
  })

  test('is off unless it is asked for', async () => {
    const agent = visitor(guarded({}))
    const answer = await solve(agent, simulator)
    expect((await agent.post('/login').send(answer)).body).toEqual(answer)
  })
})

describe('what is no request of Express', () => {
  const captcha = () => ending(exported.geetest(credentials(simulator)))

  test.each([undefined, null, {}, 'req', 7, []])(
    'is refused by verify and issue with what to write: %j',
    async (what) => {
      for (const act of ['verify', 'issue'] as const) {
        const { [act]: ask } = captcha()
        const error = await ask(what as never).catch((caught: unknown) => caught)
        expect(error).toMatchObject({
          code: 'invalid_option',
          message: expect.stringContaining(
            `captcha.${act}(req) got ${what === null ? 'null' : typeof what}; pass the request`,
          ),
        })
      }
    },
  )

  test('the request of a socket, is one once the app has seen it', async () => {
    const plugin = captcha()
    const app = express().use(sessions(), plugin)
    const raw: exported.Verdict[] = []
    const failed: unknown[] = []
    const parse = sessions()
    const server = createServer((req, res) => {
      // As a gateway of sockets has it: node's own request, and the session middleware by hand.
      if (req.url !== '/socket') return app(req, res)
      const given = req as Request
      parse(given, res as never, async () => {
        await plugin.verify(given).catch((error: unknown) => failed.push(error))
        raw.push(await plugin.verify(Object.setPrototypeOf(given, app.request), { answer: () => ({}) }))
        res.end()
      })
    })
    await request(server).get('/socket').expect(200)
    expect(failed).toEqual([
      expect.objectContaining({ message: expect.stringContaining('a request that Express has not seen') }),
    ])
    expect(raw).toEqual([{ ok: false, code: 'missing' }])
  })
})
