/** @express4 errors and promises, scripts */
import { join } from 'node:path'
import { format } from 'node:util'
import { runInNewContext } from 'node:vm'
import express from 'express'
import request from 'supertest'
import type * as lib from '../../lib'
import { geetest, GeetestError, isReason, reasons, type GeetestOptions } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, ending, sessions, solve, visitor } from '../support/site'

const KEYS = { captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'kept-secret' }

/** Another copy of this package, as a dependency may bring one along. */
function copy(): typeof lib {
  let other: unknown
  jest.isolateModules(() => {
    other = jest.requireActual(join(__dirname, '../../lib'))
  })
  return other as typeof lib
}

describe('GeetestError', () => {
  test('is one class over copies of this package', () => {
    const other = copy()
    expect(other.GeetestError).not.toBe(GeetestError)
    const theirs = other.GeetestError.because('replayed')
    expect([theirs instanceof GeetestError, GeetestError.is(theirs)]).toEqual([true, true])
    expect(GeetestError.because('replayed') instanceof other.GeetestError).toBe(true)
  })

  test.each<[string, unknown]>([
    ['another error', new Error('x')],
    ['an error with a code', Object.assign(new Error('x'), { code: 'missing' })],
    ['an error of that name without a code', Object.assign(new Error('x'), { name: 'GeetestError' })],
    ['an object that looks like one', { name: 'GeetestError', code: 'missing', message: 'x' }],
    ['null', null],
    ['undefined', undefined],
    ['a text', 'GeetestError'],
  ])('is not %s', (_, value) => {
    expect(value instanceof GeetestError).toBe(false)
    expect(GeetestError.is(value)).toBe(false)
  })

  test('of another realm is one too', () => {
    const far: unknown = runInNewContext(`Object.assign(new Error('x'), { name: 'GeetestError', code: 'missing' })`)
    expect(far instanceof GeetestError).toBe(true)
  })

  test('may be extended, and then is what extends it', () => {
    class Own extends GeetestError {}
    const own = new Own('missing', 'x', 403)
    expect([own instanceof Own, own instanceof GeetestError]).toEqual([true, true])
    expect(GeetestError.because('missing') instanceof Own).toBe(false)
  })

  test.each(reasons)('of the reason %s has one line for a stack, with its code', (reason) => {
    const { stack, message } = GeetestError.because(reason)
    expect(stack).toBe(`GeetestError [${reason}]: ${message}`)
    expect(GeetestError.because(reason, 5).stack?.split('\n')).toHaveLength(1)
  })

  test('of a mistake at construction says where that is', () => {
    const error = (() => {
      try {
        return geetest({ ...KEYS, scene: 'a b' })
      } catch (caught) {
        return caught as GeetestError
      }
    })()
    expect((error as GeetestError).stack).toContain('errors.test.ts')
  })
})

test('isReason tells what is for visitors from what is not', () => {
  expect(reasons.every(isReason)).toBe(true)
  const others = ['invalid_option', 'session_missing', 'guard_not_called', 'asset_missing', 'trust_proxy']
  expect([...others, 'toString', '__proto__', '', undefined, 7, null].some(isReason)).toBe(false)
})

describe('without an error handler, what a visitor causes writes one line at most:', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  /** Express logs an error in the turn behind its answer, which the same process has got by now. */
  async function logs(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
  }

  interface Site {
    readonly options?: Partial<GeetestOptions>
    readonly wire?: (app: express.Express) => void
  }

  /** What Express's own handler writes, and shows, in development, where it shows the most. */
  async function logged(visit: (agent: ReturnType<typeof visitor>) => Promise<{ text: string }>, of: Site = {}) {
    const captcha = ending(geetest({ ...credentials(simulator), ...of.options }))
    const app = express().set('env', 'development')
    of.wire?.(app)
    app.use(sessions(), captcha).post('/login', captcha.validate(), (_req, res) => void res.end('in'))
    const said = jest.spyOn(console, 'error').mockReturnValue()
    const { text } = await visit(visitor(app))
    await logs()
    const lines = said.mock.calls.flatMap((args) => format(...args).split('\n'))
    said.mockRestore()
    return { lines, text }
  }

  const failing = { put: () => Promise.reject(new Error('down')), take: () => Promise.reject(new Error('down')) }
  const cases: [string, Parameters<typeof logged>[0], Site][] = [
    ['no answer', (agent) => agent.post('/login'), {}],
    ['an answer of nobody', (agent) => agent.post('/login').send(made()), {}],
    ['an answer that is none', (agent) => agent.post('/login').send({ ...made(), geetest_challenge: {} }), {}],
    ['a body that is no JSON', (agent) => agent.post('/login').type('json').send('{'), {}],
    [
      'an answer that is used',
      async (agent) => {
        const answer = await solve(agent, simulator)
        await agent.post('/login').send(answer)
        return agent.post('/login').send(answer)
      },
      {},
    ],
    ['a store that fails', (agent) => agent.get('/getcaptcha'), { options: { store: failing } }],
    ['a range that is none of the script’s', (agent) => agent.get('/gt.js').set('Range', 'bytes=9999999-'), {}],
    ['a version of the script that is none', (agent) => agent.get('/gt.js').set('If-Match', '"x"'), {}],
    [
      'an app that trusts every proxy',
      (agent) => agent.get('/getcaptcha'),
      { wire: (app) => app.set('trust proxy', true) },
    ],
    ['a label that is none', (agent) => agent.get('/getcaptcha'), { options: { userId: () => ({}) as never } }],
  ]

  test.each(cases)('%s', async (_, visit, of) => {
    const { lines, text } = await logged(visit, of)
    expect(lines.filter((line) => /^\s+at /.test(line))).toEqual([])
    expect(lines.length).toBeLessThanOrEqual(1)
    expect(text).not.toMatch(/\bat .*\.[jt]s:\d+/)
  })

  test('no session', async () => {
    const captcha = ending(geetest(credentials(simulator)))
    const app = express().set('env', 'development').use(captcha)
    const said = jest.spyOn(console, 'error').mockReturnValue()
    await request(app).get('/getcaptcha').expect(500)
    await logs()
    const lines = said.mock.calls.flatMap((args) => format(...args).split('\n'))
    said.mockRestore()
    expect(lines).toEqual([expect.stringMatching(/^GeetestError \[session_missing\]: /)])
  })

  const made = () => ({
    geetest_challenge: 'a'.repeat(32),
    geetest_validate: 'b'.repeat(32),
    geetest_seccode: `${'b'.repeat(32)}|jordan`,
  })
})
