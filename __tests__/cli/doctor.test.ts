/** @express4 the router of an app, read */
import type { RequestListener } from 'node:http'
import { MemoryStore, type TicketStore } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import {
  certificate,
  deployment,
  diagnose,
  ownTickets,
  serve,
  serveTls,
  type Change,
  type Seed,
} from '../support/patient'
import { cloud, credentials } from '../support/site'

const MINUTE = 60_000
const DAY = 86_400_000
/** Known, with its key, to everybody. */
const PUBLISHED = 'b46d1900d0a894591916ea94ea91bd2c'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})
afterEach(() => simulator.fault('none'))

test('a deployment in which nothing is wrong gets neither problem nor warning, and exit code 0', async () => {
  const { findings, exit } = await diagnose({ file: () => deployment(simulator) })
  expect(findings.filter(({ level }) => level !== 'ok')).toEqual([])
  expect(findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['session', 'store_take', 'guard', 'getcaptcha']),
  )
  expect(exit).toBe(0)
})

type Row = [title: string, code: string, level: 'warning' | 'problem', write: RegExp, change: Change]

const bothGet: TicketStore = { put: (...record) => records.put(...record), take: (id) => records.look(id) }
const records = {
  kept: new Map<string, Parameters<TicketStore['put']>[1]>(),
  put: (...[id, record]: Parameters<TicketStore['put']>): void => void records.kept.set(id, record),
  look: (id: string) => records.kept.get(id),
}

describe('in a site, the doctor names', () => {
  test.each<Row>([
    ['a missing session', 'session', 'problem', /app\.use\(session\(/, { session: false }],
    [
      'a session secret from a tutorial',
      'session_secret',
      'problem',
      /process\.env\.SESSION_SECRET/,
      { session: { secret: 'keyboard cat' } },
    ],
    [
      'a cookie without SameSite',
      'session_cookie',
      'warning',
      /sameSite: 'lax'/,
      { session: { cookie: { secure: true } } },
    ],
    [
      'a cookie without Secure',
      'session_cookie',
      'warning',
      /secure: true/,
      { session: { cookie: { sameSite: 'lax' } } },
    ],
    [
      'a cookie that scripts can read',
      'session_cookie',
      'problem',
      /httpOnly: true/,
      { session: { cookie: { httpOnly: false } } },
    ],
    [
      'a cookie that browsers throw away',
      'session_cookie',
      'problem',
      /secure: true/,
      { session: { cookie: { sameSite: 'none' } } },
    ],
    [
      'sessions for whoever comes by',
      'session_start',
      'warning',
      /saveUninitialized: false/,
      { session: { saveUninitialized: true } },
    ],
    [
      'a proxy setting that trusts everybody',
      'trust_proxy',
      'problem',
      /app\.set\('trust proxy', 'loopback'\)/,
      { trustProxy: true },
    ],
    [
      'a secure cookie that no proxy lets out',
      'trust_proxy',
      'problem',
      /app\.set\('trust proxy'/,
      { trustProxy: false },
    ],
    [
      'a proxy that may not be trusted',
      'trust_proxy',
      'warning',
      /app\.set\('trust proxy'/,
      { trustProxy: false, session: { cookie: { sameSite: 'lax' } } },
    ],
    [
      'a downtime that lets bots in',
      'downtime',
      'warning',
      /downtime: 'proof-of-work'/,
      { options: { downtime: 'allow' } },
    ],
    [
      'a downtime that anyone can compute',
      'downtime',
      'warning',
      /downtime: 'proof-of-work'/,
      { options: { downtime: 'failback' } },
    ],
    ['a downtime without limits', 'downtime', 'warning', /budgets: \{\}/, { options: { budgets: false } }],
    [
      'tickets in one process',
      'store',
      'warning',
      /store: new RedisStore\(client\)/,
      { options: { store: new MemoryStore() } },
    ],
    ['a store that gives a record twice', 'store_take', 'problem', /storeContract/, { options: { store: bothGet } }],
    [
      'a store that forgets',
      'store_take',
      'problem',
      /storeContract/,
      { options: { store: { put: () => undefined, take: () => undefined } } },
    ],
    [
      'a store that fails',
      'store_take',
      'problem',
      /client\.connect\(\)/,
      { options: { store: { ...ownTickets(), take: () => Promise.reject(new Error('closed')) } } },
    ],
    ['an app without a guard', 'guard', 'warning', /captcha\.validate\(\)/, { guarded: false }],
    ['a mount under a prefix', 'getcaptcha', 'problem', /--prefix \/captcha/, { prefix: '/captcha' }],
  ])('%s', async (_title, code, level, write, change) => {
    const { find, exit } = await diagnose({ file: () => deployment(simulator, change) })
    expect(find(code)).toEqual(expect.objectContaining({ level, write: expect.stringMatching(write) }))
    expect(exit).toBe(level === 'problem' ? 1 : 0)
  })

  test("sessions in express-session's own memory", async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation()
    const { find } = await diagnose({ file: () => deployment(simulator, { session: { store: undefined } }) })
    warn.mockRestore()
    expect(find('session_store')).toEqual(
      expect.objectContaining({ level: 'problem', write: expect.stringMatching(/npm install connect-redis/) }),
    )
  })

  test('a store that hangs, without hanging itself', async () => {
    const store = { ...ownTickets(), take: () => new Promise<never>(() => undefined) }
    const { find } = await diagnose({ file: () => deployment(simulator, { options: { store } }), patience: 500 })
    expect(find('store_take')).toEqual(
      expect.objectContaining({ level: 'problem', message: expect.stringMatching(/500 ms/) }),
    )
  })

  test('nothing where the prefix is given', async () => {
    const { find } = await diagnose({
      file: () => deployment(simulator, { prefix: '/captcha' }),
      args: ['--prefix', '/captcha/'],
    })
    expect(find('getcaptcha')?.level).toBe('ok')
  })
})

/** A file whose options go straight to a cloud on this machine. */
const toward = (apiServer: string, more: object = {}) => ({
  file: () => ({ options: { ...credentials(simulator), apiServer, ...more } }),
})
const tls = (port: number) => toward(`https://127.0.0.1:${port}`)
const healthy: RequestListener = (req, res) => void simulator.handler(req, res)

/** A cloud that takes so many milliseconds for each answer, by the doctor's clock. */
async function far(ms: number): Promise<Seed> {
  let time = Date.now()
  const port = await serve((req, res) => {
    time += ms
    healthy(req, res)
  })
  return { ...toward(`http://127.0.0.1:${port}`, { timeout: 1500 }), now: () => time }
}

type CloudRow = [
  title: string,
  code: string,
  level: 'warning' | 'problem',
  write: RegExp,
  seed: () => Seed | Promise<Seed>,
]

describe('on the way to the cloud, the doctor names', () => {
  test.each<CloudRow>([
    [
      'an id that the cloud does not know',
      'cloud_register',
      'problem',
      /captchaId: /,
      () => toward(simulator.url, { captchaId: 'f'.repeat(32) }),
    ],
    [
      'the key of another id',
      'cloud_key',
      'problem',
      /privateKey: /,
      () => toward(simulator.url, { privateKey: 'of-another-id' }),
    ],
    [
      'another digest than the account has',
      'cloud_key',
      'problem',
      /digest/,
      async () => {
        // The simulator digests as it is asked; an account has one digest.
        const port = await serve((req, res) => {
          req.url = req.url?.replace('digestmod=sha256', 'digestmod=md5')
          healthy(req, res)
        })
        return toward(`http://127.0.0.1:${port}`, { digest: 'sha256' })
      },
    ],
    ['a port where nobody is', 'cloud_connect', 'problem', /proxy: /, () => toward('http://127.0.0.1:1')],
    [
      'a hotel in place of a cloud',
      'cloud_register',
      'problem',
      /apiServer: /,
      async () => (await simulator.fault('garbage'), toward(simulator.url)),
    ],
    [
      'a cloud that is broken',
      'cloud_register',
      'problem',
      /curl /,
      async () => (await simulator.fault('502'), toward(simulator.url)),
    ],
    [
      'a cloud that says nothing',
      'cloud_register',
      'problem',
      /curl /,
      async () => (await simulator.fault('hang'), { ...toward(simulator.url), patience: 500 }),
    ],
    ['a cloud too far for the deadline', 'cloud_latency', 'problem', /^timeout: 6000$/, () => far(2000)],
    ['a cloud near the deadline', 'cloud_latency', 'warning', /^timeout: 3000$/, () => far(1000)],
    [
      'a certificate of nobody',
      'cloud_tls',
      'problem',
      /NODE_EXTRA_CA_CERTS=/,
      async () => tls(await serveTls(healthy)),
    ],
    [
      'a certificate for another name',
      'cloud_tls',
      'problem',
      /NODE_EXTRA_CA_CERTS=/,
      async () => ({ ...toward(`https://localhost:${await serveTls(healthy)}`), ca: certificate }),
    ],
    [
      'a certificate that has ended',
      'cloud_tls',
      'problem',
      /clock/,
      async () => ({ ...tls(await serveTls(healthy)), ca: certificate, now: () => Date.now() + 40_000 * DAY }),
    ],
    [
      'a certificate that is about to end',
      'cloud_tls',
      'warning',
      /renew/,
      async () => ({ ...tls(await serveTls(healthy)), ca: certificate, now: () => Date.UTC(2126, 10, 1) }),
    ],
    [
      'a port that does not speak TLS',
      'cloud_tls',
      'problem',
      /NODE_EXTRA_CA_CERTS=/,
      async () => tls(await serve(healthy)),
    ],
    [
      'certificates that nobody checks',
      'cloud_tls',
      'problem',
      /unset NODE_TLS_REJECT_UNAUTHORIZED/,
      () => ({ ...toward(simulator.url), env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } }),
    ],
    [
      'a clock ahead',
      'clock',
      'warning',
      /timedatectl/,
      () => ({ ...toward(simulator.url), now: () => Date.now() + 5 * MINUTE }),
    ],
    [
      'a clock behind',
      'clock',
      'warning',
      /timedatectl/,
      () => ({ ...toward(simulator.url), now: () => Date.now() - 5 * MINUTE }),
    ],
    ['a simulator in production', 'upstream', 'problem', /apiServer: undefined/, () => toward(simulator.url)],
  ])('%s', async (_title, code, level, write, seed) => {
    const { find } = await diagnose(await seed())
    expect(find(code)).toEqual(expect.objectContaining({ level, write: expect.stringMatching(write) }))
  })

  test('nothing where a certificate is trusted', async () => {
    const { find } = await diagnose({ ...tls(await serveTls(healthy)), ca: certificate })
    expect(
      ['cloud_dns', 'cloud_connect', 'cloud_tls', 'cloud_register', 'cloud_latency', 'clock'].map(
        (code) => find(code)?.level,
      ),
    ).toEqual(Array.from({ length: 6 }, () => 'ok'))
  })
})

/** A site as it is seen from outside, answering what it is told; undefined is 404. */
async function stranger(
  pages: Readonly<Record<string, (visit: number) => [body: string, headers?: Record<string, string>]>>,
) {
  let visits = 0
  const port = await serve((req, res) => {
    const page = pages[String(req.url)]?.(visits++)
    if (page === undefined) return void res.writeHead(404).end()
    res.writeHead(200, { 'Cache-Control': 'no-store', ...page[1] }).end(page[0])
  })
  return `http://127.0.0.1:${port}`
}

const issue = (visit: number, more: object = {}): string =>
  JSON.stringify({
    success: 0,
    gt: 'f'.repeat(32),
    challenge: `${visit}`.padStart(32, '0'),
    new_captcha: true,
    ...more,
  })
const elsewhere = { api_server: '127.0.0.1:1', protocol: 'http://' }
const cookie = (id: number, flags = '; HttpOnly; SameSite=Lax') => ({
  'Set-Cookie': `sid=s%3A${id}.signature${flags}; Path=/`,
})
const script: () => [string, Record<string, string>] = () => [
  'window.initGeetest = …',
  { 'Content-Type': 'text/javascript', 'X-Content-Type-Options': 'nosniff' },
]

type Pages = Parameters<typeof stranger>[0]
type SiteRow = [title: string, code: string, level: 'warning' | 'problem', write: RegExp, pages: Pages]

describe('from outside, the doctor names', () => {
  test.each<SiteRow>([
    [
      'a challenge that comes from a cache',
      'cached',
      'problem',
      /proxy_cache off/,
      { '/getcaptcha': () => [issue(1, elsewhere)] },
    ],
    [
      'a challenge that may be cached',
      'cached',
      'warning',
      /proxy_cache off/,
      { '/getcaptcha': (visit) => [issue(visit, elsewhere), { 'Cache-Control': 'public' }] },
    ],
    ['a page in place of a challenge', 'getcaptcha', 'problem', /curl -i /, { '/getcaptcha': () => ['<p>Welcome'] }],
    [
      'a site that is in downtime mode',
      'getcaptcha',
      'warning',
      /captcha\.status\.cause/,
      { '/getcaptcha': (visit) => [issue(visit, elsewhere)] },
    ],
    ['a site without the plugin', 'getcaptcha', 'problem', /--url .*\/captcha/, {}],
    [
      'a session that is not kept',
      'session',
      'problem',
      /app\.use\(session/,
      { '/getcaptcha': (visit) => [issue(visit, elsewhere), cookie(visit)] },
    ],
    [
      'a visitor without a cookie',
      'session',
      'problem',
      /app\.use\(session/,
      { '/getcaptcha': (visit) => [issue(visit, elsewhere)] },
    ],
    [
      'a loader that is a page',
      'loader',
      'problem',
      /app\.use\(captcha\)/,
      { '/getcaptcha': (visit) => [issue(visit, elsewhere)], '/gt.js': () => ['<p>Not here'] },
    ],
    [
      'a loader of the wrong type',
      'loader',
      'problem',
      /app\.use\(captcha\)/,
      {
        '/getcaptcha': (visit) => [issue(visit, elsewhere)],
        '/gt.js': () => [script()[0], { 'Content-Type': 'text/html' }],
      },
    ],
    [
      'a loader whose headers were taken away',
      'loader',
      'warning',
      /app\.use\(captcha\)/,
      {
        '/getcaptcha': (visit) => [issue(visit, elsewhere)],
        '/gt.js': () => [script()[0], { 'Content-Type': 'text/javascript' }],
      },
    ],
    [
      'a published id',
      'published_id',
      'problem',
      /process\.env\.GEETEST_ID/,
      { '/getcaptcha': (visit) => [issue(visit, { gt: PUBLISHED, api_server: 'cloud.test:1' })] },
    ],
    [
      'a cloud behind plain http',
      'upstream',
      'warning',
      /https:\/\/cloud\.test/,
      { '/getcaptcha': (visit) => [issue(visit, { api_server: 'cloud.test:1', protocol: 'http://' })] },
    ],
    [
      'a cloud that has no address',
      'cloud_dns',
      'problem',
      /apiServer: /,
      { '/getcaptcha': (visit) => [issue(visit, { api_server: 'cloud.invalid' })] },
    ],
  ])('%s', async (_title, code, level, write, pages) => {
    const { find } = await diagnose({ args: ['--url', await stranger(pages)] })
    expect(find(code)).toEqual(expect.objectContaining({ level, write: expect.stringMatching(write) }))
  })

  test('a site that is reached by plain http', async () => {
    const { port } = new URL(
      await stranger({ '/getcaptcha': (visit) => [issue(visit, elsewhere), cookie(1)], '/gt.js': script }),
    )
    const { find } = await diagnose({ args: ['--url', `http://site.test:${port}/`] })
    expect(find('site_https')).toEqual(
      expect.objectContaining({ level: 'warning', write: `--url https://site.test:${port}` }),
    )
  })

  test('a site that does not answer', async () => {
    const { find } = await diagnose({ args: ['--url', 'http://127.0.0.1:1'] })
    expect(find('getcaptcha')).toEqual(
      expect.objectContaining({ level: 'problem', message: expect.stringMatching(/ECONNREFUSED/) }),
    )
  })

  test('a proxy that the app does not trust, where it has both the app and the address', async () => {
    const url = await stranger({
      '/getcaptcha': (visit) => [issue(visit, elsewhere), { ...cookie(1), Via: '1.1 balancer' }],
    })
    const change = { trustProxy: false, session: { cookie: { sameSite: 'lax' } } } as const
    const { find } = await diagnose({ file: () => deployment(simulator, change), args: ['--url', url] })
    expect(find('trust_proxy')).toEqual(
      expect.objectContaining({ level: 'problem', message: expect.stringMatching(/header via/) }),
    )
  })

  test('nothing of a site that is right', async () => {
    const url = await stranger({
      '/getcaptcha': (visit) => [
        issue(visit, { success: 1, ...elsewhere }),
        cookie(1, '; HttpOnly; Secure; SameSite=Lax'),
      ],
      '/gt.js': script,
    })
    const { findings } = await diagnose({ args: ['--url', url] })
    const site = findings.filter(({ code }) => !/^(cloud_|upstream)/.test(code))
    expect(site.map(({ code, level }) => [code, level])).toEqual(
      ['session', 'session_secret', 'session_cookie', 'session_start', 'getcaptcha', 'cached', 'loader'].map((code) => [
        code,
        'ok',
      ]),
    )
  })
})

const failing = () => {
  throw new Error('no database')
}

describe('before there is anything to look at, the doctor names', () => {
  test.each<[title: string, code: string, level: 'warning' | 'problem', write: RegExp, seed: Seed]>([
    ['the absence of everything', 'options', 'problem', /npx express-geetest doctor \.\/app\.js/, {}],
    ['an id without its key', 'options', 'problem', /^privateKey: /, { env: { GEETEST_ID: 'f'.repeat(32) } }],
    [
      'a misspelt option',
      'options',
      'problem',
      /^captchaId$/,
      { file: () => ({ options: { captcha_id: 'f', privateKey: 'k' } }) },
    ],
    ['a published id', 'options', 'problem', /simulator/, { env: { GEETEST_ID: PUBLISHED, GEETEST_KEY: 'k' } }],
    [
      'plain http to another machine',
      'options',
      'problem',
      /https:/,
      { env: { GEETEST_ID: 'f'.repeat(32), GEETEST_KEY: 'k', GEETEST_API_SERVER: 'http://10.0.0.1' } },
    ],
    ['a file that exports something else', 'app', 'problem', /export default app/, { file: () => ({ start: 1 }) }],
    [
      'an app without the plugin',
      'app',
      'problem',
      /app\.use\(geetest\(/,
      { file: () => ({ default: deployment(simulator, { plugin: false, guarded: false }).app }) },
    ],
    ['a file that cannot be loaded', 'app', 'problem', /node \.\/app\.js/, { file: failing }],
    ['another stage than production', 'node_env', 'warning', /NODE_ENV=production/, { env: {} }],
    ['an old Node.js', 'node', 'problem', /nvm install/, { nodeVersion: '18.20.0' }],
    ['missing peers', 'peers', 'problem', /npm install express@/, { cwd: '/' }],
    [
      'a secret in the environment that can be guessed',
      'session_secret',
      'warning',
      /randomBytes/,
      { env: { SESSION_SECRET: 'our-site' } },
    ],
    [
      'a secret in the environment that everybody knows',
      'session_secret',
      'problem',
      /randomBytes/,
      { env: { SESSION_SECRET: 'changeme' } },
    ],
    ['a Redis that is not there', 'redis', 'problem', /REDIS_URL=/, { env: { REDIS_URL: 'redis://127.0.0.1:1' } }],
    [
      'a Redis for which there is no client',
      'redis',
      'warning',
      /npm install redis/,
      { env: { REDIS_URL: 'redis://127.0.0.1:1' }, cwd: '/' },
    ],
  ])('%s', async (_title, code, level, write, seed) => {
    const { find } = await diagnose(seed)
    expect(find(code)).toEqual(expect.objectContaining({ level, write: expect.stringMatching(write) }))
  })
})
