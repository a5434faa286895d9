/** @express4 sessions, errors and promises of the user’s own functions */
import { inspect } from 'node:util'
import express from 'express'
import request from 'supertest'
import {
  geetest,
  GeetestClient,
  GeetestError,
  GT_STATUS_SESSION_KEY,
  MemoryStore,
  reasons,
  USER_ID_SESSION_KEY,
  type GeetestOptions,
} from '../../lib'
import { version } from '../../lib/version'
import { cloud, credentials, errorsAsJson, sessions, site, visitor } from '../support/site'

const keys = { captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'kept-secret' }

/** What construction says to `options`. */
function complaint(options: object, make: (options: GeetestOptions) => unknown = geetest): GeetestError {
  try {
    make(options as GeetestOptions)
  } catch (error) {
    return error as GeetestError
  }
  throw new Error('nothing was thrown')
}

describe('geetest(options) refuses at construction', () => {
  test.each<[object, RegExp]>([
    [{ captchaId: undefined }, /captchaId is undefined; write the 32 hexadecimal digits/],
    [{ captchaId: 'your-captcha-id' }, /captchaId is a string of the wrong form; write the 32 hexadecimal digits/],
    [{ captchaId: 123 }, /captchaId is of type number;/],
    [{ privateKey: undefined }, /privateKey is undefined; write the private key/],
    [{ privateKey: '' }, /privateKey is an empty string; write/],
    [{ apiServer: 'api.geetest.com' }, /apiServer is "api.geetest.com"; write an address with its scheme/],
    [{ apiServer: 'ftp://api.geetest.com' }, /apiServer is/],
    [{ apiServer: 'https://u:p@api.geetest.com' }, /apiServer is/],
    [{ apiServer: 'https://api.geetest.com?x=1' }, /apiServer is/],
    [
      { apiServer: 'http://api.geetest.com' },
      /plain http to another machine.*write https:\/\/, or allowInsecure: true/,
    ],
    [{ allowInsecure: 'yes' }, /allowInsecure is "yes"; write one of true, false/],
    [{ digest: 'sha1' }, /digest is "sha1"; write one of md5, sha256, hmac-sha256 \(default md5\)/],
    [{ newCaptcha: 1 }, /newCaptcha is 1; write one of true, false/],
    [{ timeout: '2s' }, /timeout is "2s"; write a whole number from 50 to 30000: milliseconds, such as 1500/],
    [{ timeout: 10 }, /timeout is 10;/],
    [{ scene: 'log in' }, /scene is "log in"; write letters, digits/],
    [{ userId: 'u1' }, /userId is "u1"; write a function \(req\)/],
    [{ clientType: 'web' }, /clientType is "web"; write a function \(req\) that returns one of web, h5/],
    [{ downtime: 'open' }, /downtime is "open"; write one of proof-of-work, failback, deny, allow/],
    [{ downtime: { name: 'quiz', script: '../x', issue() {}, verify() {} } }, /downtime is of type object; write/],
    [{ budgets: true }, /budgets is true; write false, or an object/],
    [{ budgets: { issues: 0 } }, /geetest: budgets: option issues is 0; write a whole number from 1/],
    [{ budgets: { issue: 5 } }, /geetest: budgets: there is no option "issue"; did you mean issues\?/],
    [{ prefetch: 'yes' }, /prefetch is "yes"; write true, false, or an object of stock/],
    [{ prefetch: null }, /prefetch is null;/],
    [{ prefetch: 50 }, /prefetch is 50;/],
    [{ prefetch: { stock: 0 } }, /geetest: prefetch: option stock is 0; write a whole number from 1 to 1000/],
    [{ prefetch: { stocks: 5 } }, /geetest: prefetch: there is no option "stocks"; did you mean stock\?/],
    [{ downtime: { name: 'online', issue() {}, verify() {} } }, /downtime is of type object; write/],
    [{ store: {} }, /store is of type object; write an object with put and take/],
    [{ store: new Map() }, /store is of type object; write/],
    [{ http: 'proxy' }, /http is "proxy"; write an axios instance/],
    [{ http: { proxi: false } }, /http is of type object; write an axios instance, or an object of proxy/],
    [{ http: { proxy: 'http://proxy:8080' } }, /http is of type object/],
    [{ http: { proxy: true } }, /http is of type object/],
    [{ http: { httpAgent: 5 } }, /http is of type object/],
    [{ http: { request: 1 } }, /http is of type object/],
    [{ http: () => 1 }, /http is of type function/],
    [{ http: new Map() }, /http is of type object/],
    [{ apiServer: 'http://evil.localhost' }, /plain http to another machine/],
    [{ onDeny: true }, /onDeny is true; write a function/],
    [{ onEvent: [] }, /onEvent is an array; write a function \(event\)/],
    [{ captcha_id: 'x' }, /there is no option "captcha_id"; did you mean captchaId\?/],
    [{ timout: 100 }, /there is no option "timout"; did you mean timeout\?/],
    [{ CaptchaID: 'x' }, /did you mean captchaId\?/],
    [{ colour: 'red' }, /there is no option "colour"; the options are captchaId, privateKey,/],
  ])('%j', (options, words) => {
    const error = complaint({ ...keys, ...options })
    expect(error).toMatchObject({ code: 'invalid_option', status: 500, message: expect.stringMatching(words) })
  })

  test.each([undefined, null, 'id', []])('%j as options', (options) => {
    expect(complaint(options as never).message).toMatch(/write an object with captchaId and privateKey/)
  })

  test('without quoting the private key, whatever is wrong with it', () => {
    expect(complaint({ ...keys, privateKey: 'two words' }).message).toMatch(/privateKey is a string of the wrong form/)
  })

  test('in the name of the thing that was constructed', () => {
    expect(complaint({}, (options) => new GeetestClient(options)).message).toMatch(/^express-geetest: GeetestClient: /)
  })
})

describe('geetest(options) accepts', () => {
  test.each<Partial<GeetestOptions>>([
    { apiServer: 'https://captcha.example:8443/geetest/' },
    { apiServer: 'http://localhost:7001' },
    { apiServer: 'http://127.8.9.1' },
    { apiServer: 'http://[::1]:7001' },
    { apiServer: 'http://10.0.0.5', allowInsecure: true },
    { http: { proxy: false } },
    { http: { proxy: undefined, httpAgent: {} } },
    { timeout: 50 },
    { timeout: undefined, scene: undefined, store: undefined },
  ])('%j', (options) => {
    expect(() => geetest({ ...keys, ...options }).close()).not.toThrow()
  })

  test('an axios instance of one’s own, with everything that was set on it', async () => {
    const sent: object[] = []
    const http = {
      request: (config: object) => {
        sent.push(config)
        return Promise.resolve({ status: 200, data: '{"challenge":"0123456789abcdef0123456789abcdef"}' })
      },
    }
    await request(site({ ...keys, http }).app)
      .get('/getcaptcha')
      .expect(200)
    expect(sent).toMatchObject([{ method: 'GET', maxRedirects: 0, timeout: expect.any(Number) }])
  })

  test('a private cloud under a path, and tells the page where it is', async () => {
    const http = { request: () => Promise.resolve({ status: 200, data: '0' }) }
    const { app } = site({ ...keys, http, apiServer: 'https://captcha.example:8443/geetest/' })
    const { body } = await request(app).get('/getcaptcha')
    expect(body).toMatchObject({ api_server: 'captcha.example:8443/geetest', protocol: 'https://' })
  })
})

describe('a session without an id', () => {
  test.each([null, {}])('%j says what to write, too', async (session) => {
    const app = express().use((req, _res, next) => {
      Object.assign(req, { session })
      next()
    })
    const { body } = await request(app.use(geetest(keys), errorsAsJson))
      .get('/getcaptcha')
      .expect(500)
    expect(body.code).toBe('session_missing')
  })
})

describe('a site without session middleware', () => {
  test.each([
    ['get', '/getcaptcha'],
    ['post', '/validate'],
    ['post', '/login'],
  ] as const)('%s %s answers 500 and says what to write', async (method, path) => {
    const captcha = geetest(keys)
    const app = express().use(captcha)
    app.post('/login', captcha.validate()).use(errorsAsJson)
    const { body } = await request(app)[method](path).expect(500)
    expect(body.code).toBe('session_missing')
    expect(body.message).toMatch(/Write app\.use\(session\(/)
  })
})

describe('a guard whose plugin is not mounted', () => {
  const NO_ROUTES = /the captcha is not mounted; write app\.use\(captcha\)/
  const messageOf = async (app: express.Express, path = '/login') =>
    (await request(app.use(errorsAsJson)).post(path).expect(403)).body.message as string

  test('says so, and what to write', async () => {
    const app = express().use(sessions())
    app.post('/login', geetest(keys).validate())
    expect(await messageOf(app)).toMatch(NO_ROUTES)
  })

  test('says nothing of that where it is mounted, under whatever prefix and in whatever app', async () => {
    const under = geetest(keys)
    const app = express().use(sessions()).use('/captcha', under)
    app.post('/login', under.validate())
    expect(await messageOf(app)).not.toMatch(NO_ROUTES)

    const outer = geetest(keys)
    const inner = express()
    inner.post('/login', outer.validate())
    expect(await messageOf(express().use(sessions()).use('/c', outer).use('/in', inner), '/in/login')).not.toMatch(
      NO_ROUTES,
    )
  })

  test('says nothing of that where somebody’s function calls it, or the page has its challenge from captcha.issue', async () => {
    const called = geetest(keys)
    const app = express().use(sessions(), (req, res, next) => void called(req, res, next))
    app.post('/login', called.validate())
    expect(await messageOf(app)).not.toMatch(NO_ROUTES)

    const issuing = geetest({ ...keys, version: 4 })
    const pages = express().use(sessions())
    pages.post('/login', (req, _res, next) => void issuing.issue(req).then(() => next(), next), issuing.validate())
    expect(await messageOf(pages)).not.toMatch(NO_ROUTES)
  })
})

describe('captcha.validate', () => {
  test('without its call answers 500 and says what to write', async () => {
    const captcha = geetest(keys)
    const app = express().use(sessions(), captcha)
    app.post('/login', captcha.validate as never).use(errorsAsJson)
    const { body } = await request(app).post('/login').expect(500)
    expect(body).toEqual({
      code: 'guard_not_called',
      message: expect.stringContaining("write app.post('/login', captcha.validate(), login)"),
    })
  })

  test.each(['verify', 'issue'] as const)(
    'and captcha.%s given to a route by itself says what to write',
    async (name) => {
      const captcha = geetest(keys)
      const app = express().use(sessions(), captcha)
      app.post('/login', captcha[name] as never).use(errorsAsJson)
      const { body } = await request(app).post('/login').expect(500)
      expect(body).toEqual({ code: 'guard_not_called', message: expect.stringContaining(`await captcha.${name}(req)`) })
    },
  )

  test('refuses options that it does not know', () => {
    expect(
      complaint({ onDenny: () => undefined }, (options) => geetest(keys).validate(options as never)).message,
    ).toMatch(/captcha\.validate: there is no option "onDenny"; did you mean onDeny\?/)
  })
})

describe('what a user’s own functions return', () => {
  test.each([
    [{ userId: () => ({ id: 1 }) }, /userId\(req\) returned object; return a string or a number/],
    [{ clientType: () => 'tv' }, /clientType\(req\) must return one of web, h5, native, unknown/],
  ])('%# is checked', async (options, words) => {
    const { body } = await request(site({ ...keys, ...(options as object) }).app)
      .get('/getcaptcha')
      .expect(500)
    expect(body).toEqual({ code: 'invalid_option', message: expect.stringMatching(words) })
  })

  test('a label is cut to 256 characters', async () => {
    const simulator = await cloud()
    await visitor(site({ ...credentials(simulator), userId: () => 'x'.repeat(1e6), sendUserId: 'raw' }).app).get(
      '/getcaptcha',
    )
    expect(simulator.calls[0]?.params.user_id).toBe('x'.repeat(256))
  })

  test.each([undefined, null, ''])('%j as a label means none', async (label) => {
    const simulator = await cloud()
    const userId = () => label as never
    await visitor(site({ ...credentials(simulator), userId, sendUserId: 'raw' }).app).get('/getcaptcha')
    expect(simulator.calls[0]?.params.user_id).toMatch(/^[0-9a-f]{16}$/)
  })

  const mistake = new Error('mistake in onEvent')
  test.each([
    [
      'throws',
      () => {
        throw mistake
      },
    ],
    ['rejects', () => Promise.reject(mistake) as never],
  ])('an onEvent that %s is a process warning and nothing worse', async (_, onEvent) => {
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue()
    const simulator = await cloud()
    await request(site({ ...credentials(simulator), onEvent }).app)
      .get('/getcaptcha')
      .expect(200)
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('mistake in onEvent'), { code: 'GEETEST_ON_EVENT' })
    warn.mockRestore()
  })
})

describe('GeetestError', () => {
  test.each(reasons)('of %s has a status of 400, 403 or 503 and words for people', (reason) => {
    const error = GeetestError.because(reason)
    expect([400, 403, 503]).toContain(error.status)
    expect(error.statusCode).toBe(error.status)
    expect(error.message).toMatch(/^[A-Z].*\.$/)
  })

  test('is recognised across two copies of the package', () => {
    const other = Object.assign(new Error('from another copy'), { name: 'GeetestError', code: 'expired' })
    expect(GeetestError.is(other)).toBe(true)
    expect(GeetestError.is(new Error('any'))).toBe(false)
  })
})

test('nothing that the package exports shows the private key when it is inspected or put into JSON', () => {
  const exported = [geetest(keys), new GeetestClient(keys), new MemoryStore(), complaint({ ...keys, timeout: 1 })]
  for (const one of exported) {
    expect(inspect(one, { depth: 20, showHidden: true })).not.toContain(keys.privateKey)
    expect(JSON.stringify(one) ?? '').not.toContain(keys.privateKey)
  }
})

test('the seed’s names are exported', () => {
  expect([GT_STATUS_SESSION_KEY, USER_ID_SESSION_KEY]).toEqual(['gt_server_status', 'user_id'])
})

test('close() may be called twice', () => {
  const captcha = geetest(keys)
  captcha.close()
  expect(() => captcha.close()).not.toThrow()
})

describe.each([
  ['gt.js', 'initGeetest'],
  ['gt-offline.js', 'geetest_checkbox'],
  ['geetest-form.js', 'data-geetest'],
])('GET /%s', (file, name) => {
  const app = () => express().use(sessions(), geetest(keys))

  test('is our script, as one that nothing may take for anything else', async () => {
    const { text, headers } = await request(app()).get(`/${file}`).expect(200)
    expect(text).toContain(name)
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  test('is revalidated by its ETag', async () => {
    const { headers } = await request(app()).get(`/${file}`)
    expect(headers['cache-control']).toBe('no-cache')
    await request(app()).get(`/${file}`).set('If-None-Match', String(headers.etag)).expect(304)
  })

  test('is immutable under the version that it has, and under no other', async () => {
    const { headers } = await request(app()).get(`/${file}?v=${version}`).expect(200)
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const other = await request(app()).get(`/${file}?v=0.0.0`)
    expect(other.headers['cache-control']).toBe('no-cache')
  })
})

test.each([
  ['gt4.js', 'initGeetest4'],
  ['gt4-form.js', 'geetestForm4'],
  ['gt-words.js', 'geetestWords'],
  ['gt4-offline.js', 'geetestOffline4'],
])('GET /%s is the script of version 4', async (file, name) => {
  const app = express().use('/captcha', geetest(keys))
  const { text, headers } = await request(app).get(`/captcha/${file}`).expect(200)
  expect(text).toContain(name)
  expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
})

test('captcha.settings prints nothing that a store of the site’s own carries', () => {
  const store = { url: 'redis://user:hunter2@example.com', put: () => undefined, take: () => undefined }
  const captcha = geetest({ ...keys, store })
  expect(captcha.settings.store).toBe(store)
  expect(JSON.stringify(captcha.settings) + inspect(captcha.settings, { depth: 9 })).not.toMatch(/hunter2/)
  captcha.close()
})

test('captcha.settings shows what was decided, and not the key', () => {
  const captcha = geetest({ ...keys, timeout: 900, http: { proxy: false } })
  const { store, ...shown } = captcha.settings
  expect(store).toBeInstanceOf(MemoryStore)
  expect(shown).toEqual({
    version: 3,
    site: 'default',
    warnings: true,
    captchaId: keys.captchaId,
    apiServer: 'https://api.geetest.com',
    digest: 'md5',
    newCaptcha: true,
    timeout: 900,
    scene: 'default',
    downtime: 'proof-of-work',
    budgets: {},
    bypass: false,
    sendUserId: 'hash',
    sendAddress: true,
    origins: [],
    prefetch: false,
    resets: true,
    ownHttp: false,
  })
  captcha.close()
})
