/** @express4 Express’s own last words */
import { inspect } from 'node:util'
import type { ErrorRequestHandler } from 'express'
import { GeetestClient, MemoryStore, geetest, type GeetestOptions, type TicketStore } from '../../lib'
import type { AnswerFields } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor, type Agent } from '../support/site'

const KEY = 'KEY-5d41402abc4b2a76b9719d911017c592'

/** Everything that left the process by any way but the wire to the cloud. */
function listening() {
  const heard: string[] = []
  const hear = (...said: unknown[]): true => {
    heard.push(...said.map((one) => (typeof one === 'string' ? one : everySide(one))))
    return true
  }
  for (const stream of [process.stdout, process.stderr]) jest.spyOn(stream, 'write').mockImplementation(hear)
  for (const level of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const)
    jest.spyOn(console, level).mockImplementation(hear)
  jest.spyOn(process, 'emitWarning').mockImplementation((...said: unknown[]) => void hear(...said))
  return { heard, hear }
}

/** A value as every printer would show it; one that cannot print it shows nothing. */
function everySide(value: unknown): string {
  const printers = [
    (one: unknown) => inspect(one, { depth: 8, showHidden: true }),
    String,
    JSON.stringify,
    (one: unknown) => (one instanceof Error ? `${one.stack}\n${everySide(Object.entries(one))}` : ''),
  ]
  return printers.map((print) => attempt(() => print(value))).join('\n')
}

function attempt(print: () => string): string {
  try {
    return print()
  } catch {
    return ''
  }
}

/** The error of a construction. */
function complaint(make: () => unknown): unknown {
  try {
    make()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('the private key, validates and seccodes', () => {
  let ears: ReturnType<typeof listening>
  beforeEach(() => {
    ears = listening()
  })
  let closing: (() => void)[] = []
  afterEach(() => {
    // Or their probes go on telling a listener that fails.
    for (const close of closing) close()
    closing = []
    jest.restoreAllMocks()
  })

  /** A site that logs all it can, by every way that it is given. */
  async function talkative(options: Partial<GeetestOptions> = {}) {
    const simulator = await cloud({ privateKey: KEY })
    const onEvent: GeetestOptions['onEvent'] = (event) => {
      ears.hear(event)
      throw new Error(`a listener that fails on ${everySide(event)}`)
    }
    const { app, captcha } = site({ ...credentials(simulator), timeout: 30_000, onEvent, ...options })
    closing.push(captcha.close)
    const log: ErrorRequestHandler = (error, _req, _res, next) => {
      ears.hear(error)
      next(error)
    }
    // Express's own last words, which go to the console in every environment but this one.
    app.set('env', 'development').post('/logged', captcha.validate(), (req, res) => void res.json(req.geetest))
    app.use(log)
    return { simulator, captcha, agent: visitor(app) }
  }
  /** Posts to every door, and listens to all that is answered. */
  async function post(agent: Agent, fields: object): Promise<void> {
    for (const path of ['/logged', '/login', '/validate']) {
      for (const type of ['json', 'form']) {
        const { text, headers } = await agent.post(path).type(type).accept('json').send(fields)
        ears.hear(text, headers)
      }
    }
  }
  /** Those of the secrets that were said, plainly or in base64. */
  function leaked(...secrets: string[]): string[] {
    const all = ears.heard.join('\n')
    expect(all).not.toBe('')
    const base64 = (secret: string) => Buffer.from(secret).toString('base64').replaceAll('=', '')
    return secrets.filter((secret) => all.includes(secret) || all.includes(base64(secret)))
  }
  const secretsOf = ({ geetest_validate, geetest_seccode }: AnswerFields) => [KEY, geetest_validate, geetest_seccode]

  // Falls when: an error, an event or a log line carries what it was about.
  test.each<[string, (right: AnswerFields) => object]>([
    ['a right one', (right) => right],
    ['a wrong seccode', (right) => ({ ...right, geetest_seccode: `${right.geetest_validate}|other` })],
    ['a wrong challenge', (right) => ({ ...right, geetest_challenge: 'c'.repeat(32) })],
    ['a malformed one', (right) => ({ ...right, geetest_challenge: [] })],
    ['half of one', ({ geetest_validate, geetest_seccode }) => ({ geetest_validate, geetest_seccode })],
  ])('attack 26: are in nothing that is said about an answer: %s', async (_, change) => {
    const { agent, simulator } = await talkative()
    const right = await solve(agent, simulator)
    await post(agent, change(right))
    expect(leaked(...secretsOf(right))).toEqual([])
  })

  test.each(['500', 'refuse', 'hang', 'garbage', 'reset', 'redirect'] as const)(
    'attack 26: are in nothing that is said about a cloud that fails: %s',
    async (fault) => {
      const { agent, simulator } = await talkative(fault === 'hang' ? { timeout: 300 } : {})
      const right = await solve(agent, simulator)
      await simulator.fault(fault)
      await post(agent, right)
      for (let i = 0; i < 4; i++) ears.hear((await agent.get('/getcaptcha')).text)
      expect(leaked(...secretsOf(right))).toEqual([])
    },
  )

  test('attack 26: are in nothing that is said about a body that cannot be parsed', async () => {
    const { agent, simulator } = await talkative()
    const right = await solve(agent, simulator)
    for (const broken of [
      `${JSON.stringify(right)}}`,
      JSON.stringify(right).slice(0, -1),
      `"${right.geetest_validate}`,
    ]) {
      for (const path of ['/logged', '/validate']) ears.hear((await agent.post(path).type('json').send(broken)).text)
    }
    expect(leaked(...secretsOf(right))).toEqual([])
  })

  test('attack 26: are in nothing that is said about a store, a provider or an HTTP client that fails', async () => {
    const memory = new MemoryStore()
    const store: TicketStore = { put: (...a) => memory.put(...a), take: () => Promise.reject(new Error('lost')) }
    const withStore = await talkative({ store })
    const first = await solve(withStore.agent, withStore.simulator)
    await post(withStore.agent, first)

    const http = {
      request: (config: object) => Promise.reject(Object.assign(new Error(everySide(config)), { config })),
    }
    const withHttp = await talkative({ http })
    ears.hear((await withHttp.agent.get('/getcaptcha')).text)

    const verify = ({ validate, seccode }: { validate: string; seccode: string }): never => {
      throw new Error(`${validate} ${seccode}`)
    }
    const withProvider = await talkative({ downtime: { name: 'own', issue: () => '-x', verify } })
    withProvider.captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
    const { body } = await withProvider.agent.get('/getcaptcha')
    await post(withProvider.agent, {
      geetest_challenge: body.challenge,
      geetest_validate: 'VALIDATE-x',
      geetest_seccode: 'SECCODE-x',
    })
    expect(leaked(...secretsOf(first), 'VALIDATE-x', 'SECCODE-x')).toEqual([])
  })

  // Falls when: what was constructed keeps the key where a printer finds it.
  test('attack 26: are in none of the objects that a site holds', async () => {
    const { captcha, simulator } = await talkative()
    const client = new GeetestClient(credentials(simulator))
    for (const held of [captcha, captcha.validate(), captcha.status, client, new MemoryStore()])
      ears.hear(held, { held })
    expect(leaked(KEY)).toEqual([])
  })

  test.each<[string, object]>([
    ['another option is wrong', { timeout: 'x' }],
    ['there is one too many', { private_key: KEY }],
    ['it is in the wrong form itself', { privateKey: ` ${KEY}` }],
    ['it is a list', { privateKey: [KEY] }],
  ])('attack 26: the key is not in the error of a construction where %s', (_, options) => {
    const all = { captchaId: 'a1'.repeat(16), privateKey: KEY, ...options } as GeetestOptions
    ears.hear(
      complaint(() => geetest(all)),
      complaint(() => new GeetestClient(all)),
    )
    expect(leaked(KEY)).toEqual([])
  })

  // Falls when: a refused address is quoted with the password in it.
  test.each<[string, object]>([
    ['apiServer', { apiServer: 'https://me:PASSWORD@cloud.example' }],
    ['http', { http: 'http://me:PASSWORD@proxy.example:8080' }],
    ['bypass', { bypass: { url: 'ftp://me:PASSWORD@cloud.example' } }],
  ])('attack 26: nor is a password that stands in the address of %s', (_, options) => {
    ears.hear(complaint(() => geetest({ captchaId: 'a1'.repeat(16), privateKey: KEY, ...options })))
    expect(leaked(KEY, 'PASSWORD')).toEqual([])
  })
})
