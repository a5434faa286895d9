/** @express4 the router of an app, and pages */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express, { type RequestHandler } from 'express'
import session from 'express-session'
import { geetest } from '../../lib'
import { allows, policiesOf } from '../../lib/cli/doctor/facts/policy'
import type { Simulator } from '../../lib/simulator'
import { deployment, diagnose, type Change, type Seed } from '../support/patient'
import { cloud, credentials, errorsAsJson, sessions } from '../support/site'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})

/** What the doctor finds in a site that is right but for its page. */
const looked = (headers: Record<string, string>, html = '<form data-geetest>', change: Change & Partial<Seed> = {}) =>
  diagnose({
    ...change,
    file: () => {
      const { app } = deployment(simulator, change)
      app.get('/', (_req, res) => void res.set(headers).type('html').send(html))
      return { app }
    },
  })

const VENDOR = 'https://*.geetest.com https://*.geevisit.com https://*.gsensebot.com'
const MIRROR = 'https://dn-staticdown.qbox.me'
/** What helmet sets where nobody says anything else. */
const HELMET =
  "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;" +
  "object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests"

describe('of a page’s Content-Security-Policy the doctor names', () => {
  test.each<[string, string, string | undefined]>([
    [
      'what helmet’s default blocks',
      HELMET,
      `script-src 'self' ${VENDOR} ${MIRROR}; img-src 'self' data: ${VENDOR}; connect-src 'self' ${VENDOR}`,
    ],
    [
      'every directive under one that is for all',
      "default-src 'self'",
      `script-src 'self' ${VENDOR} ${MIRROR}; style-src`,
    ],
    [
      'hosts one by one, of which the pattern is not one',
      "script-src 'self' https://api.geetest.com",
      `script-src 'self' ${VENDOR}`,
    ],
    ['our own scripts where only the vendor’s are allowed', `script-src ${VENDOR}`, `script-src 'self' ${VENDOR}`],
    ['what the second of two blocks', `script-src * 'self', script-src 'none'`, `script-src 'self' ${VENDOR}`],
  ])('%s', async (_, policy, write) => {
    const { find, exit } = await looked({ 'Content-Security-Policy': policy })
    expect(find('csp')).toMatchObject({ level: 'problem', write: expect.stringContaining(String(write)) })
    expect(exit).toBe(1)
  })

  test('what a meta element blocks', async () => {
    const { find } = await looked({}, `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">`)
    expect(find('csp')).toMatchObject({ level: 'problem' })
  })

  test.each([
    `script-src 'self' ${VENDOR} ${MIRROR}; style-src 'self' ${VENDOR}; img-src 'self' data: ${VENDOR}; connect-src 'self' ${VENDOR}`,
    "default-src 'self' https: data:",
    "default-src * data: 'self'",
    "script-src 'nonce-abc' 'strict-dynamic'",
    "frame-ancestors 'none'",
  ])('nothing where it lets all of it in: %s', async (policy) => {
    expect((await looked({ 'Content-Security-Policy': policy })).find('csp')).toMatchObject({ level: 'ok' })
  })

  test('nothing where there is none', async () => {
    expect((await looked({})).find('csp')).toBeUndefined()
  })

  test('that of the page of --page', async () => {
    const { find } = await diagnose({
      args: ['--page', '/sign-in?next=/'],
      file: () => {
        const { app } = deployment(simulator)
        app.get('/sign-in', (_req, res) => void res.set('Content-Security-Policy', "script-src 'self'").send('<form>'))
        return { app }
      },
    })
    expect(find('csp')?.message).toContain('/sign-in?next=/')
  })
})

describe('the block for helmet in the documents', () => {
  /** What it hands to helmet, whatever else stands around it. */
  function documented(document: string): Record<string, string[]> {
    const text = readFileSync(join(__dirname, '../..', document), 'utf8')
    const [, code = ''] = /```js helmet\n([\s\S]*?)```/.exec(text) ?? []
    let given: { contentSecurityPolicy: { directives: Record<string, string[]> } } | undefined
    const helmet = (options: typeof given) => {
      given = options
    }
    const body = code.replace(/^import .*$/m, '')
    // oxlint-disable-next-line typescript/no-implied-eval -- a block of our own documents
    ;(new Function('helmet', 'app', body) as (one: typeof helmet, app: object) => void)(helmet, {
      use: () => undefined,
    })
    return given?.contentSecurityPolicy.directives ?? {}
  }
  const policyOf = (document: string): string =>
    Object.entries(documented(document))
      .map(
        ([name, sources]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${sources.join(' ')}`,
      )
      .join('; ')

  test.each(['docs/recipes.md', 'docs/zh-CN/recipes.md'])(
    'of %s is enough for the doctor, in both versions',
    async (document) => {
      for (const version of [3, 4] as const) {
        const { find } = await looked({ 'Content-Security-Policy': policyOf(document) }, '', { options: { version } })
        expect(find('csp')).toMatchObject({ level: 'ok' })
      }
    },
  )

  test('names every host that the loaders try', () => {
    const [policy] = policiesOf({
      path: '/',
      reply: { status: 200, headers: { 'content-security-policy': policyOf('docs/recipes.md') }, body: '', ms: 0 },
    })
    for (const file of ['gt.js', 'gt4.js']) {
      const text = readFileSync(join(__dirname, '../../public', file), 'utf8')
      const hosts = [...text.matchAll(/'([a-z0-9.-]+\.(?:com|me))'/g)].map(([, host]) => host)
      expect(hosts.length).toBeGreaterThan(1)
      for (const host of hosts)
        expect([host, policy !== undefined && allows(policy, 'script-src', `https://${host}`)]).toEqual([host, true])
    }
  })
})

describe('of a page the doctor says', () => {
  test.each([
    ["require-trusted-types-for 'script'; trusted-types default", 'warning'],
    ["require-trusted-types-for 'script'; trusted-types 'none'", 'warning'],
    ["require-trusted-types-for 'script'; trusted-types default express-geetest", 'ok'],
    ["require-trusted-types-for 'script'", 'ok'],
  ])('whether Trusted Types know the form helper: %s', async (policy, level) => {
    expect((await looked({ 'Content-Security-Policy': policy })).find('trusted_types')?.level).toBe(level)
  })

  test.each<[string, string, 'production' | 'development', 'ok' | 'warning']>([
    ['no-referrer', '', 'development', 'warning'],
    ['no-referrer', '', 'production', 'ok'],
    ['same-origin', '', 'development', 'ok'],
    ['no-referrer, strict-origin-when-cross-origin', '', 'development', 'ok'],
    ['same-origin', '<meta name="referrer" content="no-referrer">', 'development', 'warning'],
  ])('whether it hides where its forms are from: %s %s in %s', async (policy, html, NODE_ENV, level) => {
    const { find } = await looked({ 'Referrer-Policy': policy }, html, { env: { NODE_ENV } })
    expect(find('referrer_policy')?.level).toBe(level)
  })
})

describe('of sessions of another make the doctor says whose they are:', () => {
  const seen = (put: RequestHandler) =>
    diagnose({
      file: () => {
        const app = express()
          .use(put, geetest(credentials(simulator)))
          .use(errorsAsJson)
        return { app }
      },
    })

  test('cookie-session', async () => {
    const { find, exit } = await seen((req, _res, next) => {
      // As cookie-session has it: no id, and no cookie in the session.
      Object.assign(req, { session: { isNew: true, isPopulated: false }, sessionOptions: {} })
      next()
    })
    expect(find('session')).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('cookie-session'),
      write: expect.stringContaining('app.use(session('),
    })
    expect(find('getcaptcha')?.message).toMatch(
      /answers 500: express-geetest: req\.session has no id \(req\.sessionID\).*sent again\.$/,
    )
    expect(exit).toBe(1)
  })

  test('something else without an id', async () => {
    const { find } = await seen((req, _res, next) => {
      Object.assign(req, { session: {} })
      next()
    })
    expect(find('session')?.message).toMatch(/not that of express-session/)
  })
})

describe('in an app the doctor finds', () => {
  test('a guard that stands behind what it should guard', async () => {
    const captcha = geetest(credentials(simulator))
    const app = express().use(sessions(), captcha)
    app.post('/login', (_req, res) => void res.send('in'), captcha.validate())
    expect((await diagnose({ file: () => ({ app }) })).find('guard')).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('POST /login'),
    })
  })

  test('nothing wrong with a guard that stands alone, or behind a parser and before a handler', async () => {
    const captcha = geetest(credentials(simulator))
    const app = express().use(sessions(), captcha)
    app.all('/login', captcha.validate())
    app.post('/upload', express.json(), captcha.validate(), (_req, res) => void res.send('in'))
    expect((await diagnose({ file: () => ({ app }) })).find('guard')?.level).toBe('ok')
  })

  test('a captcha that is exported and not mounted', async () => {
    const captcha = geetest(credentials(simulator))
    const app = express().use(sessions())
    app.post('/login', captcha.validate(), (_req, res) => void res.send('in'))
    expect((await diagnose({ file: () => ({ app, captcha }) })).find('app')).toMatchObject({
      level: 'problem',
      write: expect.stringContaining('app.use(captcha)'),
    })
  })

  test.each<[unknown, 'ok' | 'problem']>([
    [1, 'ok'],
    ['loopback', 'problem'],
    [false, 'problem'],
  ])('whether visitors behind a unix socket have addresses with trust proxy %p', async (trustProxy, level) => {
    const file = () => deployment(simulator, { trustProxy })
    const listened = () => ['/run/site.sock']
    expect((await diagnose({ file, listened })).find('address')?.level).toBe(level)
    const env = { NODE_ENV: 'production', PORT: '\\\\.\\pipe\\site' }
    expect((await diagnose({ file, env })).find('address')?.level).toBe(level)
    expect((await diagnose({ file })).find('address')).toBeUndefined()
  })
})

describe('the doctor speaks in whole sentences', () => {
  test('of an environment without NODE_ENV', async () => {
    const { find } = await diagnose({ env: {}, file: () => deployment(simulator) })
    expect(find('node_env')?.message).toBe(
      'NODE_ENV is not set: in production Express would show stack traces to visitors.',
    )
  })

  test('of a file that exports nothing', async () => {
    expect((await diagnose({ file: () => ({}) })).find('app')?.message).toBe('The file exports nothing.')
  })

  test.each<[object, RegExp, RegExp]>([
    [
      { privateKey: 'k', captchaId: 'x' },
      /^选项 captchaId 不能是格式不对的字符串；请写极验控制台/,
      /^captchaId: … {2}\/\/ 极验控制台/,
    ],
    [{ timeout: 5 }, /^选项 timeout 不能是 5 ；请写 50 到 30000/, /^timeout: …/],
    [{ origins: ['https://a.example/'] }, /^选项 origins 的第 1 项不能是/, /^origins: …/],
    [{ captchaID: 'x' }, /^没有 "captchaID" 这个选项；是否想写 captchaId？$/, /^captchaId$/],
  ])('and in the language that was asked for, of options too: %j', async (options, message, write) => {
    const file = () => ({ options: { ...credentials(simulator), ...options } })
    const found = (await diagnose({ file, args: ['--lang', 'zh'] })).find('options')
    expect(found).toMatchObject({ message: expect.stringMatching(message), write: expect.stringMatching(write) })
  })
})

test('a site over a unix socket answers with the addresses that its proxy tells', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'geetest-socket-'))
  const app = express().set('trust proxy', 1)
  app.use(session({ secret: 'test', resave: false, saveUninitialized: false }))
  app.get('/', (req, res) => void res.json(req.ip))
  const server = app.listen(join(folder, 'site.sock'))
  try {
    await new Promise((resolve) => server.once('listening', resolve))
    const { request } = await import('node:http')
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { 'X-Forwarded-For': '203.0.113.7' }
      request({ socketPath: join(folder, 'site.sock'), headers }, (res) => {
        let body = ''
        res.on('data', (part: Buffer) => (body += part.toString())).on('end', () => resolve(body))
      })
        .on('error', reject)
        .end()
    })
    expect(text).toBe('"203.0.113.7"')
  } finally {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
