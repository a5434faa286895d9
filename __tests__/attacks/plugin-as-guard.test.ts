/** @express4 mounting, errors */
import express, { Router, type Express, type RequestHandler } from 'express'
import request from 'supertest'
import { geetest, type Geetest } from '../../lib'
import { cloud, credentials, ending, errorsAsJson, sessions } from '../support/site'

/** A site in which the captcha stands somewhere, and how often its secret was reached. */
async function vault() {
  const captcha = ending(geetest(credentials(await cloud())))
  const app = express().use(sessions())
  let reached = 0
  const secret: RequestHandler = (_req, res) => {
    reached += 1
    res.json({ secret: true })
  }
  return { captcha, app, secret, reached: () => reached }
}
type Mount = (app: Express, captcha: Geetest, secret: RequestHandler) => unknown

/** What tracing does to everything that is mounted while `mount` runs: a function around each handler, with a `next` of its own. */
function underTracing(mount: () => unknown): void {
  const around =
    (handler: RequestHandler): RequestHandler =>
    (req, res, next) =>
      handler(req, res, (...all: unknown[]) => next(...(all as [])))
  const holder = (Object.hasOwn(Router, 'use') ? Router : Router.prototype) as { use: (...all: unknown[]) => unknown }
  const { use } = holder
  holder.use = function (this: Router, ...all: unknown[]) {
    const before = this.stack.length
    const made = use.apply(this, all)
    for (const layer of this.stack.slice(before) as { handle: RequestHandler }[]) {
      if (layer.handle.length > 3) continue
      const { stack } = layer.handle as { stack?: unknown }
      layer.handle = Object.assign(around(layer.handle), { ...(stack !== undefined && { stack }) })
    }
    return made
  }
  tracing = () => {
    holder.use = use
  }
  mount()
}
let tracing = (): void => undefined
afterEach(() => tracing())

const passingOn =
  (handler: RequestHandler): RequestHandler =>
  (req, res, next) =>
    void handler(req, res, next)

// Falls when: the plugin lets a request through that came to it in a route.
test.each<[string, Mount]>([
  ['post', (app, captcha, secret) => app.post('/login', captcha, secret)],
  ['all', (app, captcha, secret) => app.all('/login', captcha, secret)],
  ['a list', (app, captcha, secret) => app.post('/login', [captcha, secret])],
  ['a list in a list', (app, captcha, secret) => app.post('/login', [[captcha], [secret]] as never)],
  ['behind a parser', (app, captcha, secret) => app.post('/login', express.json(), captcha, secret)],
  ['in front of a parser', (app, captcha, secret) => app.post('/login', captcha, express.json(), secret)],
  ['route().post', (app, captcha, secret) => app.route('/login').post(captcha, secret)],
  ['route().all().post', (app, captcha, secret) => app.route('/login').all(captcha).post(secret)],
  ['a route of its own', (app, captcha, secret) => app.post('/login', captcha).post('/login', secret)],
  ['a nested router', (app, captcha, secret) => app.use('/login', Router().post('/', captcha, secret))],
  [
    'a nested router two deep',
    (app, captcha, secret) => app.use(Router().use('/login', Router().all('/', captcha, secret))),
  ],
  ['a router around it', (app, captcha, secret) => app.post('/login', Router().use(captcha), secret)],
  ['an app around it', (app, captcha, secret) => app.post('/login', express().use(captcha) as never, secret)],
  ['a function around it', (app, captcha, secret) => app.post('/login', passingOn(captcha), secret)],
  ['a route where it is mounted too', (app, captcha, secret) => app.use(captcha).post('/login', captcha, secret)],
  [
    'a route behind one that called next()',
    (app, captcha, secret) => app.post('/login', (_req, _res, next) => next()).post('/login', captcha, secret),
  ],
  [
    'a router around it, under tracing',
    (app, captcha, secret) => underTracing(() => app.post('/login', Router().use(captcha), secret)),
  ],
  [
    'a parameter',
    (app, captcha, secret) => {
      app.param('page', captcha as never)
      app.post('/:page', secret)
    },
  ],
  [
    'a guard for other methods behind it',
    (app, captcha, secret) => app.route('/login').all(captcha).put(captcha.validate(), secret).post(secret),
  ],
])('attack 33: the plugin where the guard belongs is refused, in %s', async (_, mount) => {
  const { captcha, app, secret, reached } = await vault()
  mount(app, captcha, secret)
  app.use(errorsAsJson)
  for (const body of [{}, { username: 'demo' }]) {
    const answer = await request(app).post('/login').send(body).expect(500)
    expect(answer.body).toEqual({
      code: 'guard_not_called',
      message: expect.stringMatching(
        /write app\.use\(captcha\) once, and app\.post\('\/login', captcha\.validate\(\), login\)/,
      ),
    })
  }
  expect(reached()).toBe(0)
})

// Falls when: what is no middleware fails open, or without a word.
test.each<[string, Mount]>([
  ['app.use(captcha.validate)', (app, captcha, secret) => app.use(captcha.validate as never).post('/login', secret)],
  ['app.use(captcha.verify)', (app, captcha, secret) => app.use(captcha.verify as never).post('/login', secret)],
  ['app.use(captcha.issue)', (app, captcha, secret) => app.use(captcha.issue as never).post('/login', secret)],
  ['app.all([captcha.verify])', (app, captcha, secret) => app.all('/login', [captcha.verify as never], secret)],
  [
    'app.param(…, captcha.validate)',
    (app, captcha, secret) => {
      app.param('page', captcha.validate as never)
      app.post('/:page', secret)
    },
  ],
])('attack 33: %s is refused', async (_, mount) => {
  const { captcha, app, secret, reached } = await vault()
  mount(app, captcha, secret)
  const { body } = await request(app.use(errorsAsJson)).post('/login').expect(500)
  expect([body.code, reached()]).toEqual(['guard_not_called', 0])
})

test.each<[string, (captcha: Geetest) => unknown]>([
  ['captcha()', (captcha) => (captcha as unknown as () => unknown)()],
  ['captcha.validate()()', (captcha) => (captcha.validate() as unknown as () => unknown)()],
])('attack 33: %s is refused at once', async (_, write) => {
  const { captcha } = await vault()
  expect(() => write(captcha)).toThrow(expect.objectContaining({ code: 'guard_not_called' }))
})

// Falls when: the plugin takes a right place for a wrong one.
test.each<[string, Mount]>([
  ['app.use', (app, captcha, page) => app.use(captcha).post('/login', page)],
  ['app.use of two', (app, captcha, page) => app.use(captcha, express.static(__dirname)).post('/login', page)],
  ['a path', (app, captcha, page) => app.use('/captcha', captcha).post('/login', page)],
  ['the path of a page', (app, captcha, page) => app.use('/login', captcha).post('/login', page)],
  ['a router', (app, captcha, page) => app.use(Router().use(captcha)).post('/login', page)],
  ['a function around it', (app, captcha, page) => app.use(passingOn(captcha)).post('/login', page)],
  [
    'a router that is a route as a whole',
    (app, captcha, page) => app.all(/.*/, Router().use(captcha).post('/login', page) as never),
  ],
  [
    'behind a route that called next()',
    (app, captcha, page) =>
      app
        .all(/.*/, (_req, _res, next) => next())
        .use(captcha)
        .post('/login', page),
  ],
  [
    'behind one, under tracing',
    (app, captcha, page) =>
      underTracing(() =>
        app
          .all(/.*/, (_req, _res, next) => next())
          .use(captcha)
          .post('/login', page),
      ),
  ],
  ['a route of its own address', (app, captcha, page) => app.get('/getcaptcha', captcha).post('/login', page)],
])('attack 33: the plugin stays what it is in %s', async (name, mount) => {
  const { captcha, app, secret, reached } = await vault()
  mount(app, captcha, secret)
  app.use(errorsAsJson)
  const prefix = name === 'a path' ? '/captcha' : name === 'the path of a page' ? '/login' : ''
  await request(app).get(`${prefix}/getcaptcha`).expect(200)
  await request(app).post('/login').expect(200)
  expect(reached()).toBe(1)
})

test.each<[string, Mount]>([
  ['behind it', (app, captcha, secret) => app.post('/login', captcha, captcha.validate(), secret)],
  ['in front of it', (app, captcha, secret) => app.post('/login', captcha.validate(), captcha, secret)],
  [
    'in a router',
    (app, captcha, secret) => app.all(/.*/, Router().use(captcha).post('/login', captcha.validate(), secret) as never),
  ],
])('attack 33: a route with a guard %s asks for a captcha, as it says', async (_, mount) => {
  const { captcha, app, secret, reached } = await vault()
  mount(app, captcha, secret)
  const { body } = await request(app.use(errorsAsJson)).post('/login').expect(403)
  expect([body.code, reached()]).toEqual(['missing', 0])
})

// Falls when: what cannot be told from a page behind the plugin's routes is not even told of.
test('attack 33: a handler behind the plugin at one address is told of, once, when it has answered', async () => {
  const { captcha, app, secret } = await vault()
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  app.use('/login', captcha, secret)
  await request(app).get('/login').expect(200)
  for (let i = 0; i < 3; i++) await request(app).post('/login').expect(200)
  expect(warn.mock.calls).toEqual([
    [
      expect.stringMatching(/^POST \/login was answered without a captcha.*write captcha\.validate\(\) in front/),
      { type: 'GeetestWarning', code: 'GEETEST_UNGUARDED' },
    ],
  ])
  warn.mockRestore()
})
