/** @express4 sessions, errors */
import type { ServerResponse } from 'node:http'
import express, { type RequestHandler } from 'express'
import session, { MemoryStore as Sessions, type SessionOptions } from 'express-session'
import request from 'supertest'
import { geetest, MemoryStore, type GeetestOptions } from '../../lib'
import { cloud, credentials, ending, errorsAsJson, visitor } from '../support/site'
import { until } from '../support/world'
import { evilCloud } from './support/evil-cloud'

declare module 'express-session' {
  interface SessionData {
    admin?: boolean
  }
}

/** A site whose visitors log in and out, over a cloud that answers when it is told to. */
async function office(settings: Partial<SessionOptions>, before: RequestHandler[] = []) {
  const evil = await evilCloud()
  const held: ServerResponse[] = []
  const store = new Sessions()
  const captcha = ending(geetest({ ...evil.credentials, timeout: 30_000 }))
  const app = express()
  app.use(...before, session({ secret: 'test', resave: false, saveUninitialized: false, store, ...settings }), captcha)
  app.post('/in', (req, res) => void res.json(Object.assign(req.session, { admin: true }).admin))
  app.post('/out', (req, res) => req.session.destroy(() => void res.json({})))
  app.post('/leave', (req, res) => {
    delete req.session.admin
    res.json({})
  })
  app.post('/anew', (req, res) => req.session.regenerate(() => void res.json({})))
  app.get('/me', (req, res) => void res.json({ admin: req.session.admin ?? false }))
  app.get('/page', (req, res, next) => {
    captcha.issue(req).then(() => res.json({}), next)
  })
  const hold = (): void => {
    evil.register = (res) => void held.push(res)
  }
  const release = (): void => held.splice(0).forEach((res) => void res.writeHead(500).end())
  const ids = (): string[] => Object.keys((store as unknown as { sessions: Record<string, string> }).sessions)
  return { app: app.use(errorsAsJson), store, held, hold, release, ids }
}

const cookieOf = (headers: Record<string, string>): string => String(headers['set-cookie']).split(';')[0] as string

let made = 0
const unlike = (): string => `${++made}`.padStart(18, 'x')
/** Every way in which a session's id and its cookie can look. */
const KINDS: [string, Partial<SessionOptions>, ((cookie: string) => string)?][] = [
  ['as they are', {}],
  ['an id in base64', { genid: () => `${Buffer.from(unlike()).toString('base64')}+/==` }],
  ['an id with a colon', { genid: () => `sess:${unlike()}` }],
  ['an id with dots', { genid: () => `a.b.${unlike()}.c` }],
  ['an id of another script', { genid: () => `会话${unlike()}` }],
  ['a letter percent-encoded', {}, (cookie) => cookie.replace(/(%3A.)(.)/, (_, a, b) => a + hex(b))],
  [
    'all of it percent-encoded',
    {},
    (cookie) => cookie.replace(/=.*/, (v) => `=${Array.from(decodeURIComponent(v.slice(1)), hex).join('')}`),
  ],
  ['a cookie in quotes', {}, (cookie) => cookie.replace(/=(.*)/, '="$1"')],
  ['cookies beside it', {}, (cookie) => `a=%; b; ${cookie}; c="s:x.y"`],
  ['a name of its own', { name: 'sid' }],
  ['rolling', { rolling: true }],
  ['saveUninitialized', { saveUninitialized: true }],
  ['resave', { resave: true }],
  ['unset: destroy', { unset: 'destroy' }],
  ['two secrets', { secret: ['new', 'old'] }],
]
const hex = (letter: string): string => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`

// Falls when: what a slow request read of a session is written back over what has happened to it.
describe.each(KINDS)('with %s', (_, settings, disguise = (cookie: string) => cookie) => {
  test.each([
    ['destroys', '/out', '/getcaptcha'],
    ['destroys', '/out', '/page'],
    ['leaves', '/leave', '/getcaptcha'],
    ['leaves', '/leave', '/page'],
    ['regenerates', '/anew', '/getcaptcha'],
    ['regenerates', '/anew', '/page'],
  ])('attack 42: a visitor who %s the session (%s) is not brought back by a slow %s', async (_how, path, slow) => {
    // A handler of the site's own that is slow writes back what it read, where it was told to by `resave`.
    if (settings.resave && slow === '/page') return
    const { app, held, hold, release, ids } = await office(settings)
    const cookie = cookieOf((await request(app).post('/in').expect(200)).headers)
    const stolen = disguise(cookie)
    const as = (method: 'get' | 'post', at: string) => request(app)[method](at).set('Cookie', stolen)
    expect((await as('get', '/me')).body.admin).toBe(true)
    const [old] = ids()
    hold()
    const issues = [as('get', slow), as('get', slow)].map((sent) => sent.then(({ status }) => status))
    await until(() => held.length === 2)
    await as('post', path).expect(200)
    release()
    expect(await Promise.all(issues)).toEqual([200, 200])
    expect((await as('get', '/me')).body.admin).toBe(false)
    // Who leaves keeps the session, without what was in it.
    expect(ids().includes(String(old))).toBe(path === '/leave')
  })
})

// Falls when: only cookies are thought of.
test.each(['/getcaptcha', '/page'])(
  'attack 42: a logged-out session that comes by a header is not brought back by a slow %s',
  async (slow) => {
    const byHeader: RequestHandler = (req, _res, next) => {
      const token = req.get('x-session')
      if (token !== undefined) Object.assign(req, { signedCookies: { 'connect.sid': token } })
      next()
    }
    const { app, held, hold, release, ids } = await office({}, [byHeader])
    await request(app).post('/in').expect(200)
    const [id = ''] = ids()
    const as = (method: 'get' | 'post', at: string) => request(app)[method](at).set('X-Session', id)
    expect((await as('get', '/me')).body.admin).toBe(true)
    hold()
    const issue = as('get', slow).then(({ status }) => status)
    await until(() => held.length === 1)
    await as('post', '/out').expect(200)
    release()
    expect(await issue).toBe(200)
    expect(ids()).not.toContain(id)
  },
)

/** A site whose stores are counted. */
async function counted(options: Partial<GeetestOptions> = {}) {
  const simulator = await cloud()
  const sessions = new Sessions()
  const tickets = new MemoryStore()
  const captcha = ending(geetest({ ...credentials(simulator), store: tickets, ...options }))
  const app = express().use(
    session({ secret: 'test', resave: false, saveUninitialized: false, store: sessions }),
    captcha,
  )
  app.post('/login', captcha.validate(), (req, res) => void res.json(req.geetest))
  const count = () => ({
    sessions: Object.keys((sessions as unknown as { sessions: object }).sessions).length,
    tickets: tickets.size,
  })
  return { app: app.use(errorsAsJson), captcha, simulator, count, sessions }
}

// Falls when: a visitor is noted who got nothing.
test.each<[string, number, Partial<GeetestOptions>]>([
  ['429', 429, { budgets: { issues: 1 } }],
  ['503', 503, { store: { put: () => Promise.reject(new Error('full')), take: () => undefined } }],
  ['500', 500, { clientType: () => 'phone' as never }],
])('attack 38: a request that is refused with %s leaves nothing in either store', async (_, status, options) => {
  const { app, captcha, count } = await counted(options)
  captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
  if (status === 429) await request(app).get('/getcaptcha').expect(200)
  const before = count()
  for (let i = 0; i < 5; i++) await request(app).get('/getcaptcha').expect(status)
  expect(count()).toEqual(before)
})

test.each([3, 4] as const)('attack 38: a login that is refused begins no session (version %i)', async (version) => {
  const { app, count } = await counted({ version })
  const junk =
    version === 3
      ? { geetest_challenge: 'a'.repeat(32), geetest_validate: 'b'.repeat(32), geetest_seccode: 'c' }
      : { lot_number: 'a'.repeat(32), captcha_output: 'x', pass_token: 'b'.repeat(64), gen_time: '1700000000' }
  for (const path of ['/login', '/validate']) {
    await request(app)
      .post(path)
      .send({})
      .expect((res) => expect(res.status).toBeGreaterThanOrEqual(400))
    await request(app).post(path).send(junk)
  }
  expect(count().sessions).toBe(0)
})

// Falls when: a label is made anew where none could be written down.
test('attack 38: a visitor has one label, in the ticket and in the session', async () => {
  const { app, simulator } = await counted({ sendUserId: 'raw' })
  app.get('/session', (req, res) => void res.json(req.session.geetest))
  const agent = visitor(app)
  const { body } = await agent.get('/getcaptcha').expect(200)
  const noted = (await agent.get('/session')).body.user_id
  const passed = await agent.post('/login').send(simulator.answer(body.challenge)).expect(200)
  const told = new Set(simulator.calls.map(({ params }) => params.user_id))
  expect([passed.body.user, [...told]]).toEqual([noted, [noted]])
})
