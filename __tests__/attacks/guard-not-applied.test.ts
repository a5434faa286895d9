/** @express4 mounting, errors and promises */
import express, { type RequestHandler } from 'express'
import { geetest, type GeetestOptions } from '../../lib'
import { until } from '../support/world'
import { cloud, credentials, errorsAsJson, sessions } from '../support/site'
import { wireTo } from './support/wire'

/** A site with a secret, and how often the secret was reached. */
async function vault(options: Partial<GeetestOptions> = {}) {
  const captcha = geetest({ ...credentials(await cloud()), ...options })
  const app = express().use(sessions(), captcha)
  let reached = 0
  const secret: RequestHandler = (_req, res) => {
    reached += 1
    res.json({ secret: true })
  }
  return { captcha, app, secret, reached: () => reached }
}
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']
/** Every way to write the address of one route. */
const SPELLINGS = [
  '/pay',
  '/pay/',
  '/PAY',
  '/pay?x',
  '/pay#x',
  '//pay',
  '/./pay',
  '/x/../pay',
  '/%70ay',
  '/pay%2f',
  '/pay;x',
  '/pay%00',
  '/pay%20',
  '/pay.json',
  '/validate/../pay',
  '/getcaptcha/../pay',
  '/gt.js/../pay',
  'http://evil.example/pay',
]

describe('a guarded route', () => {
  // Falls when: the guard decides by method or address whether it is meant, instead of standing in the route.
  test.each<[string, (app: express.Express, guard: RequestHandler, secret: RequestHandler) => unknown]>([
    ['in the route', (app, guard, secret) => app.all('/pay', guard, secret)],
    ['in a list', (app, guard, secret) => app.all('/pay', [guard, secret])],
    ['in front of everything below', (app, guard, secret) => app.use('/pay', guard).use('/pay', secret)],
    ['in a router of its own', (app, guard, secret) => app.use('/pay', express.Router().use(guard), secret)],
    ['in front of the whole site', (app, guard, secret) => app.use(guard).use('/pay', secret)],
  ])('attack 31: is not reached by any method and any spelling, with the guard %s', async (_, mount) => {
    const { captcha, app, secret, reached } = await vault()
    mount(app, captcha.validate(), secret)
    const wire = await wireTo(app.use(errorsAsJson))
    for (const method of METHODS) {
      for (const path of SPELLINGS) {
        const { text } = await wire.send(method, path, {
          'X-HTTP-Method-Override': 'GET',
          'X-Original-URL': '/',
          'X-Rewrite-URL': '/',
        })
        expect([method, path, text]).toEqual([method, path, expect.not.stringContaining('secret')])
      }
    }
    expect(reached()).toBe(0)
  })

  test('attack 31: says no by itself where the site has no error handler', async () => {
    const { captcha, app, secret, reached } = await vault()
    app.set('env', 'test').post('/pay', captcha.validate(), secret)
    const { status } = await (await wireTo(app)).post('/pay', { amount: 1 })
    expect([status, reached()]).toEqual([403, 0])
  })

  // Falls when: a forgotten call, or what a handler of the site's own does, is taken for a yes.
  test.each(['validate', 'verify', 'issue'] as const)(
    'attack 31: stays closed where captcha.%s was given to it uncalled',
    async (name) => {
      const { captcha, app, secret, reached } = await vault()
      app.post('/pay', captcha[name] as never, secret).use(errorsAsJson)
      const { status, text } = await (await wireTo(app)).post('/pay', {})
      expect([status, JSON.parse(text).code, reached()]).toEqual([500, 'guard_not_called', 0])
    },
  )

  test.each<[string, GeetestOptions['onDeny']]>([
    ['does nothing', () => undefined],
    ['answers', (_error, _req, res) => void res.status(403).json({})],
    ['answers twice', (_error, _req, res, next) => (res.status(403).json({}), next(new Error('and again')))],
    [
      'throws',
      () => {
        throw new Error('mistake')
      },
    ],
    ['is async and fails', (() => Promise.reject(new Error('mistake'))) as never],
  ])('attack 31: stays closed where the site’s own onDeny %s', async (_, onDeny) => {
    let denied = 0
    const counted: GeetestOptions['onDeny'] = (...all) => {
      denied += 1
      return onDeny?.(...all)
    }
    const { captcha, app, secret, reached } = await vault({ onDeny: counted })
    app.post('/pay', captcha.validate(), secret).use(errorsAsJson)
    const wire = await wireTo(app)
    const answered = wire.post('/pay', {}).catch(() => undefined)
    await until(() => denied === 1)
    await Promise.race([answered, new Promise(setImmediate)])
    expect(reached()).toBe(0)
  })

  test.each<[string, Partial<GeetestOptions>]>([
    [
      'label',
      {
        userId: () => {
          throw new Error('mistake')
        },
      },
    ],
    ['label of another type', { userId: () => ({}) as never }],
    ['client type', { clientType: () => 'phone' as never }],
  ])('attack 31: stays closed where the site’s own function for the %s fails', async (_, options) => {
    const { captcha, app, secret, reached } = await vault(options)
    app.post('/pay', captcha.validate(), secret).use(errorsAsJson)
    const wire = await wireTo(app)
    await wire.send('GET', '/getcaptcha')
    expect((await wire.post('/pay', {})).status).toBeGreaterThanOrEqual(400)
    expect(reached()).toBe(0)
  })

  test('attack 31: is told yes once: a handler runs once for an answer, and not at all for a request that comes twice', async () => {
    const { captcha, app, secret, reached } = await vault({ downtime: 'allow' })
    captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
    app.post('/pay', captcha.validate(), captcha.validate(), secret).use(errorsAsJson)
    const wire = await wireTo(app)
    const issued = await wire.send('GET', '/getcaptcha')
    const cookie = { Cookie: String(issued.headers['set-cookie']?.[0]?.split(';')[0]) }
    const fields = { geetest_challenge: JSON.parse(issued.text).challenge, geetest_validate: 'x', geetest_seccode: 'x' }
    // Two guards want two answers: one answer does not open the second.
    expect((await wire.post('/pay', fields, cookie)).status).toBe(403)
    expect(reached()).toBe(0)
  })
})
