/** @express4 sessions */
import type { ServerResponse } from 'node:http'
import type { Express } from 'express'
import request from 'supertest'
import type { CloudOptions } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor, type Agent } from '../support/site'
import { until } from '../support/world'
import { evilCloud } from './support/evil-cloud'
import { storm, tally, through } from './support/storm'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})
afterEach(() => simulator.fault('none'))

/** A site with accounts, which keeps its user under the very name that the captcha's samples use for a label. */
function shop(cloud: CloudOptions = credentials(simulator)): Express {
  const { app } = site({ ...cloud, timeout: 30_000 }, {}, { uses: 3 })
  const keep = (user_id?: string) => Object.assign({}, user_id === undefined ? undefined : { user_id })
  app.get('/me', (req, res) => void res.json({ account: (req.session as { user_id?: string }).user_id ?? 'nobody' }))
  app.post('/in', (req, res) => void res.json(Object.assign(req.session, keep('alice')) && {}))
  app.post('/in-anew', (req, res) =>
    req.session.regenerate(() => void res.json(Object.assign(req.session, keep('alice')) && {})),
  )
  app.post('/out', (req, res) => req.session.destroy(() => void res.json({})))
  return app
}
const account = async (agent: Agent): Promise<string> => (await agent.get('/me').expect(200)).body.account

const cookieOf = (headers: Record<string, string>): string => String(headers['set-cookie']).split(';')[0] as string

// Falls when: the captcha's label is kept where a site keeps its user, or the captcha is taken for a login.
test('attack 19: a visitor of the captcha becomes nobody’s account', async () => {
  const agent = visitor(shop())
  const answer = await solve(agent, simulator)
  await agent
    .post('/validate')
    .send({ ...answer, user_id: 'alice', username: 'alice' })
    .expect(200, 'success')
  await agent.post('/login').send({ user_id: 'alice' }).expect(200)
  expect(await account(agent)).toBe('nobody')
})

// Falls when: a session id of the client's choice is taken up, and what was solved under it is found again.
test('attack 19: an id that was planted before the login is worth nothing to who planted it', async () => {
  const app = shop()
  const planted = cookieOf((await request(app).get('/getcaptcha').expect(200)).headers)
  const as = (cookie: string, method: 'get' | 'post', path: string) => request(app)[method](path).set('Cookie', cookie)
  // The attacker solves under the planted id; the victim, given that id, logs in with a new one.
  const { body } = await as(planted, 'get', '/getcaptcha')
  const [attackers] = [simulator.answer(body.challenge)]
  await as(planted, 'post', '/validate').send(attackers).expect(200, 'success')
  const own = cookieOf((await as(planted, 'post', '/in-anew').expect(200)).headers)
  expect((await as(own, 'get', '/me')).body.account).toBe('alice')
  for (const cookie of [own, planted]) {
    expect(through(await storm(() => as(cookie, 'post', '/login'), 10))).toBe(0)
  }
  expect((await as(planted, 'get', '/me')).body.account).toBe('nobody')
})

// Falls when: challenges of one session overwrite each other, in the session or in the store.
test('attack 20: challenges that one session fetches all at once are all good, once each', async () => {
  const agent = visitor(shop())
  await agent.get('/getcaptcha')
  const answers = await storm(() => solve(agent, simulator), 20)
  expect(tally(await storm((i) => agent.post('/login').send(answers[i]), 20))).toEqual({ through: 20 })
  expect(tally(await storm((i) => agent.post('/login').send(answers[i]), 20))).toEqual({ replayed: 20 })
})

test('attack 20: a slow page that saves the session late neither loses a challenge nor brings a spent one back', async () => {
  const app = shop()
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  app.get('/slow', (req, res) => {
    Object.assign(req.session, { slow: true })
    void released.then(() => res.json({}))
  })
  const agent = visitor(app)
  const before = await solve(agent, simulator)
  const slow = agent.get('/slow').then(({ status }) => status)
  const during = await solve(agent, simulator)
  await agent.post('/login').send(before).expect(200)
  release()
  expect(await slow).toBe(200)
  expect((await agent.post('/login').send(before).expect(403)).body.code).toBe('replayed')
  await agent.post('/login').send(during).expect(200)
})

// Falls when: an issue that waits for the cloud writes back the session that it read before.
test.each([
  ['logs out', '/out', 'nobody'],
  ['logs in', '/in', 'alice'],
])('attack 20: a visitor who %s while challenges are being issued stays so', async (_, path, after) => {
  const evil = await evilCloud()
  const agent = visitor(shop(evil.credentials))
  await agent.get('/getcaptcha')
  if (path === '/out') await agent.post('/in')
  const held: ServerResponse[] = []
  evil.register = (res) => void held.push(res)
  const issues = storm(() => agent.get('/getcaptcha'), 5)
  await until(() => held.length === 5)
  await agent.post(path).expect(200)
  // A cloud that fails, so that the issue has something to note: the other mode.
  for (const res of held) res.writeHead(500).end()
  expect(through(await issues)).toBe(5)
  expect(await account(agent)).toBe(after)
})
