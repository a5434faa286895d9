/** @express4 errors, sessions */
import request from 'supertest'
import { geetest, type GeetestOptions, type GuardOptions, type Order } from '../../lib'
import { errorsAsJson, sessions, site } from '../support/site'
import express from 'express'

const KEYS = { captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'kept-secret' }

const nothing = (): undefined => undefined

/** The words of what `act` throws, without the package's name in front. */
function words(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return (error as Error).message.replace('express-geetest: ', '')
  }
  return 'nothing was thrown'
}

describe('whoever writes a wrong option is told which, what arrived and what to write:', () => {
  test.each<[object, string]>([
    [
      { scene: 'a b' },
      'option scene is "a b"; write letters, digits, ".", "_" and "-", at most 64 of them, such as login',
    ],
    [{ userId: 'u' }, 'option userId is "u"; write a function (req) that returns a label of the visitor'],
    [
      { clientType: 'web' },
      'option clientType is "web"; write a function (req) that returns one of web, h5, native, unknown',
    ],
    [
      { downtime: 'closed' },
      'option downtime is "closed"; write one of proof-of-work, failback, deny, allow (default proof-of-work), or a provider: an object of name, issue and verify',
    ],
    [
      { budgets: true },
      'option budgets is true; write false, or an object of issues, totalIssues, failures and totalFailures, each by the minute',
    ],
    [
      { budgets: { issues: 0 } },
      'budgets: option issues is 0; write a whole number from 1 to 1000000: so many a minute, such as 300',
    ],
    [{ bypass: 'yes' }, 'option bypass is "yes"; write true, false, or an object of url and interval'],
    [
      { bypass: { url: 'bypass' } },
      'bypass: option url is "bypass"; write an address with its scheme, such as https://bypass.geetest.com/v1/bypass_status.php',
    ],
    [
      { bypass: { interval: 10 } },
      'bypass: option interval is 10; write a whole number from 1000 to 600000: milliseconds, such as 10000',
    ],
    [{ store: {} }, 'option store is of type object; write an object with put and take, such as new MemoryStore()'],
    [{ sendUserId: 'plain' }, 'option sendUserId is "plain"; write one of hash, raw, none (default hash)'],
    [{ sendAddress: 1 }, 'option sendAddress is 1; write one of true, false (default true)'],
    [
      { origins: ['app.example.com'] },
      'option origins is wrong in entry 1, "app.example.com"; write "https://app.example.com"',
    ],
    [{ onDeny: 1 }, 'option onDeny is 1; write a function (error, req, res, next)'],
    [{ onEvent: 1 }, 'option onEvent is 1; write a function (event)'],
  ])('geetest(%j)', (options, message) => {
    expect(words(() => geetest({ ...KEYS, ...options }))).toBe(`geetest: ${message}`)
  })

  test.each<[object, string]>([
    [{ uses: 0 }, 'option uses is 0; write a whole number from 1 to 10: requests, such as 3'],
    [{ seconds: 0 }, 'option seconds is 0; write a whole number from 1 to 3600: seconds, such as 300'],
    [{ onDeny: 1 }, 'option onDeny is 1; write a function (error, req, res, next)'],
    [
      { downtime: 'failback' },
      'option downtime is "failback"; write one of deny, allow, proof-of-work (default whatever the scene asks for)',
    ],
  ])('captcha.validate(%j)', (options, message) => {
    const captcha = geetest(KEYS)
    expect(words(() => captcha.validate(options as GuardOptions))).toBe(`captcha.validate: ${message}`)
  })

  test.each<[object, string]>([
    [{ mode: 'off', reason: 'x', seconds: 1 }, 'option mode is "off"; write one of up, down (default neither)'],
    [
      { mode: 'up', reason: ' ', seconds: 1 },
      'option reason is " "; write why, in words, for those who read the status later',
    ],
    [
      { mode: 'up', reason: 'x', seconds: 0 },
      'option seconds is 0; write a whole number from 1 to 86400: seconds, such as 600',
    ],
    [{ mode: 'up' }, 'option reason is undefined; write why, in words, for those who read the status later'],
  ])('captcha.force(%j)', (order, message) => {
    const captcha = geetest(KEYS)
    expect(words(() => captcha.force(order as Order))).toBe(`captcha.force: ${message}`)
  })
})

describe('whoever sets the plugin up wrongly is told what to write:', () => {
  const complaint = async (app: express.Express, path = '/login') => {
    const { body } = await request(app.use(errorsAsJson)).post(path).expect(500)
    return `${body.code}: ${body.message}`.replace('express-geetest: ', '')
  }

  test('no session', async () => {
    const app = express().post('/login', geetest(KEYS).validate())
    expect(await complaint(app)).toBe(
      'session_missing: there is no req.session with an id. Write app.use(session({ secret, resave: false, ' +
        'saveUninitialized: false })) above the captcha (package express-session); if it is there, its store is not connected.',
    )
  })

  test('a guard without its call', async () => {
    const { validate } = geetest(KEYS)
    const app = express().post('/login', validate as never)
    expect(await complaint(app)).toBe(
      "guard_not_called: captcha.validate was given to a route without its call; write app.post('/login', " +
        'captcha.validate(), login)',
    )
  })

  test.each(['verify', 'issue'] as const)('captcha.%s as a handler', async (name) => {
    const app = express().post('/login', geetest(KEYS)[name] as never)
    expect(await complaint(app)).toBe(
      `guard_not_called: captcha.${name} gives a value and is no handler; write app.post('/login', captcha.validate(), ` +
        `login), or await captcha.${name}(req) in a handler of yours`,
    )
  })

  test('trust in every proxy', async () => {
    const app = express().set('trust proxy', true).use(sessions()).post('/login', geetest(KEYS).validate())
    expect(await complaint(app)).toBe(
      "trust_proxy: 'trust proxy' is set to trust everybody, as true does: every visitor can choose the address that the " +
        "downtime budgets count. Name your balancer instead, app.set('trust proxy', 'loopback') or its address, or a number " +
        'of hops; or write budgets: false',
    )
  })

  test.each<[Partial<GeetestOptions>, string]>([
    [{ userId: () => ({}) as never }, 'userId(req) returned object; return a string or a number'],
    [{ clientType: () => 'tv' as never }, 'clientType(req) must return one of web, h5, native, unknown'],
  ])('%j that returns something else', async (options, message) => {
    const { body } = await request(site({ ...KEYS, ...options }).app)
      .get('/getcaptcha')
      .expect(500)
    expect(body).toEqual({ code: 'invalid_option', message: `express-geetest: ${message}` })
  })

  test.each<[Partial<GeetestOptions>, string]>([
    [
      { captchaId: 'b46d1900d0a894591916ea94ea91bd2c' },
      'option captchaId is b46d1900d0a894591916ea94ea91bd2c, which is published together with its key; write the one that ' +
        'the vendor made for your site, or point apiServer at a simulator',
    ],
    [
      { captchaId: 'f'.repeat(32) },
      `option captchaId is ${'f'.repeat(32)}, a placeholder; write the one that the vendor made for your site, or point ` +
        'apiServer at a simulator',
    ],
    [
      { privateKey: 'your_private_key' },
      'option privateKey is a placeholder; write the one that the vendor made for your site, or point apiServer at a simulator',
    ],
    [
      { bypass: { url: 'http://status.example' } },
      'bypass: option url is "http://status.example", plain http to another machine, where anyone on the wire can forge the ' +
        'verdict; write https://, or allowInsecure: true beside it if the wire is yours',
    ],
  ])('%j', (options, message) => {
    expect(words(() => geetest({ ...KEYS, ...options }))).toBe(`geetest: ${message}`)
  })
})

describe('the bounds of an option belong to it:', () => {
  const takes = (act: () => unknown) => words(act) === 'nothing was thrown'
  const captcha = geetest(KEYS)
  const order = (seconds: number) => () => captcha.force({ mode: 'up', reason: 'x', seconds })

  test.each<[string, number, number, (value: number) => () => unknown]>([
    ['uses', 1, 10, (uses) => () => captcha.validate({ uses })],
    ['seconds', 1, 3600, (seconds) => () => captcha.validate({ seconds })],
    ['seconds of an order', 1, 86_400, order],
    ['interval', 1000, 600_000, (interval) => () => geetest({ ...KEYS, bypass: { interval } }).close()],
    ['stock', 1, 1000, (stock) => () => geetest({ ...KEYS, prefetch: { stock } }).close()],
    ['issues', 1, 1_000_000, (issues) => () => geetest({ ...KEYS, budgets: { issues } })],
    ['the length of a scene', 1, 64, (length) => () => geetest({ ...KEYS, scene: 'x'.repeat(length) })],
    [
      'the length of a reason',
      1,
      200,
      (length) => () => captcha.force({ mode: 'up', reason: 'x'.repeat(length), seconds: 1 }),
    ],
    [
      'the length of a provider’s name',
      1,
      32,
      (length) => () => geetest({ ...KEYS, downtime: provider('x'.repeat(length)) }),
    ],
    [
      'the length of its script',
      1,
      32,
      (length) => () => geetest({ ...KEYS, downtime: provider('x', 'x'.repeat(length)) }),
    ],
  ])('%s from %i to %i', (_, least, most, given) => {
    expect([least - 1, least, most, most + 1].map((value) => takes(given(value)))).toEqual([false, true, true, false])
  })

  test.each(['online', 'deny', 'allow', 'two words', ''])('a provider cannot be called %j', (name) => {
    expect(takes(() => geetest({ ...KEYS, downtime: provider(name) }))).toBe(false)
  })

  test.each(['onlines', 'x-deny'])('a provider can be called %j', (name) => {
    expect(takes(() => geetest({ ...KEYS, downtime: provider(name) }))).toBe(true)
  })

  test.each([
    { name: 'x' },
    { name: 'x', issue: () => '0' },
    { name: 'x', verify: () => true },
    { issue: () => '0', verify: () => true },
  ])('%j is no provider', (half) => {
    expect(takes(() => geetest({ ...KEYS, downtime: half as never }))).toBe(false)
  })

  test.each<[unknown]>([
    [{ put: nothing }],
    [{ take: nothing }],
    [null],
    ['store'],
    [Object.assign(() => undefined, { put: nothing, take: nothing })],
  ])('%j is no store', (half) => {
    expect(takes(() => geetest({ ...KEYS, store: half as never }))).toBe(false)
  })
})

describe('an option that cannot be', () => {
  test.each<[string, unknown]>([
    ['bypass', null],
    ['budgets', null],
    ['prefetch', null],
    ['downtime', null],
    ['downtime', Object.assign(() => undefined, { issue() {}, verify() {} })],
    ['origins', ['https://app.example.com', 'app.example.com']],
    ['origins', ['https://app.example.com/']],
    ['origins', 'https://app.example.com'],
  ])('%s: %p is refused', (name, value) => {
    expect(words(() => geetest({ ...KEYS, [name]: value }))).toMatch(new RegExp(`^geetest: option ${name} is`))
  })
})

describe('the status page that is looked at', () => {
  test.each<[Partial<GeetestOptions>, string]>([
    [{ bypass: true }, 'https://bypass.geetest.com/v1/bypass_status.php?'],
    [{ bypass: {} }, 'https://bypass.geetest.com/v1/bypass_status.php?'],
    [
      { bypass: true, apiServer: 'https://cloud.example/geetest' },
      'https://cloud.example/geetest/v1/bypass_status.php?',
    ],
    [{ bypass: { url: 'https://status.example/' } }, 'https://status.example/?'],
  ])('with %j', async (options, address) => {
    const asked: string[] = []
    const request = (config: object) => {
      asked.push((config as { url: string }).url)
      return Promise.resolve({ status: 200, data: '{"status":"success"}' })
    }
    const captcha = geetest({ ...KEYS, ...options, http: { request } })
    await new Promise(setImmediate)
    captcha.close()
    expect(asked).toEqual([expect.stringMatching(new RegExp(`^${address.replaceAll(/[?.]/g, '\\$&')}gt=`))])
  })
})

function provider(name: string, script?: string) {
  return { name, ...(script !== undefined && { script }), issue: () => '0', verify: () => true }
}
