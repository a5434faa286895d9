/** @express4 mounting, scripts, addresses, sessions */
import { createHmac, hash, hkdfSync } from 'node:crypto'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import express from 'express'
import session, { MemoryStore as MemorySessions } from 'express-session'
import request from 'supertest'
import { geetest, type GeetestOptions } from '../../lib'
import { deriveChallenge, type DigestMod } from '../../lib/digest'
import { DEADLINE, passDeadline, stopTimers } from '../support/deadlines'
import { cloud, credentials, sessions, site, solve, visitor } from '../support/site'
import { until } from '../support/world'

/** Lets the session change while a slow cloud is being asked, and tells what `/me` answers afterwards. */
async function meanwhile(change: 'logout' | 'visit', before: number) {
  const simulator = await cloud()
  const { app } = site({ ...credentials(simulator), timeout: DEADLINE })
  app.post('/account', (req, res) => {
    req.session.account = 'alice'
    res.end()
  })
  app.post('/logout', (req, res) => req.session.destroy(() => void res.end()))
  app.post('/visit', (req, res) => {
    req.session.account = 'bob'
    res.end()
  })
  app.get('/me', (req, res) => void res.json({ account: req.session.account, ...req.session.geetest }))
  const agent = visitor(app)
  await agent.post('/account')
  for (let i = 0; i < before; i++) await agent.get('/getcaptcha')
  await simulator.fault('hang', { endpoint: 'register', calls: 1 })
  const slow = agent.get('/getcaptcha').then(({ status }) => status)
  await until(() => simulator.calls.length === before + 1)
  await agent.post(`/${change}`)
  passDeadline()
  expect(await slow).toBe(200)
  return (await agent.get('/me')).body as Record<string, unknown>
}

declare module 'express-session' {
  interface SessionData {
    account?: string
  }
}

stopTimers()

describe('GET /getcaptcha', () => {
  test.each([0, 1])('does not bring back a visitor who logs out meanwhile (%i challenges before)', async (before) => {
    expect(await meanwhile('logout', before)).toEqual({})
  })

  test.each([0, 1])('keeps what other requests do to the session meanwhile (%i challenges before)', async (before) => {
    expect(await meanwhile('visit', before)).toMatchObject({ account: 'bob', gt_server_status: 0 })
  })

  test('leaves alone what a handler of the site’s own has not saved yet, with captcha.issue(req)', async () => {
    const simulator = await cloud()
    const { app, captcha } = site(credentials(simulator))
    app.get('/page', (req, res, next) => {
      req.session.account = 'not saved yet'
      captcha.issue(req).then(() => res.json(req.session), next)
    })
    const agent = visitor(app)
    await agent.get('/getcaptcha')
    await simulator.fault('refuse')
    const { body } = await agent.get('/page').expect(200)
    expect(body).toMatchObject({ account: 'not saved yet', geetest: { gt_server_status: 0 } })
  })

  test('is marked as what a form may take for a challenge, and so is a route of the site’s own with captcha.issue(req)', async () => {
    const { app, captcha } = site(credentials(await cloud()))
    app.get('/own', (req, res, next) => void captcha.issue(req).then((issue) => res.json(issue), next))
    const replies = [await visitor(app).get('/getcaptcha'), await visitor(app).get('/own')]
    expect(replies.map(({ headers }) => headers['x-geetest'] as unknown)).toEqual(['challenge', 'challenge'])
  })

  test('answers a HEAD without asking the cloud', async () => {
    const simulator = await cloud()
    await request(site(credentials(simulator)).app)
      .head('/getcaptcha')
      .expect(200)
    expect(simulator.calls).toEqual([])
  })

  test('adds to the Vary header that is there already', async () => {
    const simulator = await cloud()
    const app = express().use(sessions())
    app.use((_req, res, next) => {
      res.vary('Origin')
      next()
    })
    const { headers } = await request(app.use(geetest(credentials(simulator)))).get('/getcaptcha')
    expect(headers.vary).toBe('Origin, Accept, Cookie')
  })

  test('comes too late without harm where a time-out of the site’s own has answered', async () => {
    const simulator = await cloud()
    await simulator.fault('hang', { endpoint: 'register' })
    const app = express().use(sessions())
    app.use((_req, res, next) => {
      void until(() => simulator.calls.length > 0).then(() => res.status(504).end())
      next()
    })
    app.use(geetest({ ...credentials(simulator), timeout: DEADLINE }))
    await request(app).get('/getcaptcha').expect(504)
    passDeadline()
  })

  test.each([
    ['no address at all', '%'.repeat(9000)],
    ['an address with a tail', `fe80::1%${'a'.repeat(9000)}`],
    ['another language', '１２７.0.0.1'],
  ])('sends the cloud no address that is none: %s', async (_, forwarded) => {
    const simulator = await cloud()
    const { app } = site(credentials(simulator))
    app.set('trust proxy', 'loopback')
    const { body } = await request(app).get('/getcaptcha').set('X-Forwarded-For', encodeURI(forwarded).slice(0, 9000))
    expect(body.success).toBe(1)
    expect(simulator.calls[0]?.params).not.toHaveProperty('ip_address')
  })

  test('answers success, gt, challenge and new_captcha, and where the browser finds a cloud of its own', async () => {
    const simulator = await cloud()
    const { app } = site(credentials(simulator))
    const { body } = await request(app)
      .get('/getcaptcha')
      .expect(200)
      .expect('Content-Type', /^application\/json/)
    expect(body).toEqual({
      success: 1,
      gt: simulator.captchaId,
      challenge: expect.stringMatching(/^[0-9a-f]{32}$/),
      new_captcha: true,
      api_server: simulator.url.replace('http://', ''),
      protocol: 'http://',
    })
  })

  test('says nothing of a cloud where the vendor’s own is used', async () => {
    const offline = { request: () => Promise.reject(new Error('no network')) }
    const { app } = site({ captchaId: 'a'.repeat(32), privateKey: 'k', http: offline })
    const { body } = await request(app).get('/getcaptcha').expect(200)
    expect(Object.keys(body).toSorted()).toEqual(['challenge', 'gt', 'new_captcha', 'success'])
  })

  test('takes the longest address there is', async () => {
    const simulator = await cloud()
    const { app } = site(credentials(simulator))
    app.set('trust proxy', 'loopback')
    const address = 'abcd:abcd:abcd:abcd:abcd:abcd:192.168.158.190'
    await request(app).get('/getcaptcha').set('X-Forwarded-For', address)
    expect(simulator.calls[0]?.params.ip_address).toBe(address)
  })

  test('answers HEAD with the same headers and no challenge', async () => {
    const simulator = await cloud()
    const { headers } = await request(site(credentials(simulator)).app)
      .head('/getcaptcha')
      .expect(200)
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    expect(headers).not.toHaveProperty('set-cookie')
    expect(simulator.calls).toEqual([])
  })

  test('writes a visitor’s session once, and not again while nothing changes', async () => {
    const simulator = await cloud()
    const store = new MemorySessions()
    const set = jest.spyOn(store, 'set')
    const app = express().use(session({ secret: 'test', resave: false, saveUninitialized: false, store }))
    const agent = visitor(app.use(geetest(credentials(simulator))))
    await agent.get('/getcaptcha').expect(200)
    expect(set).toHaveBeenCalledTimes(1)
    await agent.get('/getcaptcha').expect(200)
    expect(set).toHaveBeenCalledTimes(1)
  })

  test('may not be cached by anyone', async () => {
    const simulator = await cloud()
    const { headers } = await request(site(credentials(simulator)).app).get('/getcaptcha')
    expect(headers['cache-control']).toBe('no-store')
    expect(headers).not.toHaveProperty('etag')
  })

  test('tells the cloud everything that a v3 SDK tells it', async () => {
    const simulator = await cloud()
    const { app } = site({
      ...credentials(simulator),
      userId: () => 'a b&c=10',
      sendUserId: 'raw',
      clientType: () => 'native',
    })
    await request(app).get('/getcaptcha').expect(200)
    expect(simulator.calls[0]?.params).toEqual({
      gt: simulator.captchaId,
      user_id: 'a b&c=10',
      client_type: 'native',
      ip_address: expect.stringMatching(/127\.0\.0\.1$/),
      digestmod: 'md5',
      json_format: '1',
      sdk: expect.stringMatching(/^express-geetest:\d/),
    })
  })

  test.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 'h5'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 'web'],
  ])('takes the kind of client from the user agent: %s is %s', async (agent, kind) => {
    const simulator = await cloud()
    await request(site(credentials(simulator)).app)
      .get('/getcaptcha')
      .set('User-Agent', agent)
    expect(simulator.calls[0]?.params.client_type).toBe(kind)
  })

  test.each<DigestMod>(['md5', 'sha256', 'hmac-sha256'])('derives the challenge with %s', async (digest) => {
    const simulator = await cloud({ random: (size) => Buffer.alloc(size, 7) })
    const { app } = site({ ...credentials(simulator), digest })
    const { body } = await request(app).get('/getcaptcha')
    expect(body.challenge).toBe(deriveChallenge('07'.repeat(16), simulator.privateKey, digest))
  })

  test('keeps the seed’s two facts in the session, under one key of our own', async () => {
    const simulator = await cloud()
    const { app } = site({ ...credentials(simulator), userId: () => 42 })
    app.get('/session', (req, res) => void res.json(req.session))
    const agent = visitor(app)
    await agent.get('/getcaptcha')
    const { body } = await agent.get('/session')
    expect(body.geetest).toEqual({ gt_server_status: 1, user_id: '42' })
    expect(body).not.toHaveProperty('user_id')
  })

  test('labels a visitor at random once, and keeps the label for the session', async () => {
    const simulator = await cloud()
    const agent = visitor(site(credentials(simulator)).app)
    await agent.get('/getcaptcha')
    await agent.get('/getcaptcha')
    const [first, second] = simulator.calls.map(({ params }) => params.user_id)
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(second).toBe(first)
  })
})

describe('what the cloud learns of a visitor', () => {
  /** What register.php is told of a visitor with that label. */
  async function told(options: Partial<GeetestOptions>, label = 'account 42') {
    const simulator = await cloud({ privateKey: 'k1', captchaId: 'c'.repeat(32) })
    const { app } = site({ ...credentials(simulator), userId: () => label, ...options })
    await visitor(app).get('/getcaptcha').expect(200)
    return simulator.calls[0]?.params ?? {}
  }

  test('is a hash of the label, by which the vendor knows the visitor again', async () => {
    const [once, again, other] = [await told({}), await told({}), await told({}, 'account 43')].map((p) => p.user_id)
    expect(once).toMatch(/^[0-9a-f]{32}$/)
    expect(again).toBe(once)
    expect(other).not.toBe(once)
  })

  test('is the same hash on every node and in every release', async () => {
    const key = Buffer.from(hkdfSync('sha256', 'k1', 'express-geetest', 'user_id 1', 32))
    const expected = createHmac('sha256', key).update('account 42').digest('hex').slice(0, 32)
    expect(await told({})).toMatchObject({ user_id: expected })
  })

  test('is no hash that could be guessed without the key', async () => {
    const { user_id } = await told({})
    const guesses = ['md5', 'sha1', 'sha256'].map((name) => hash(name, 'account 42').slice(0, 32))
    expect(guesses).not.toContain(user_id)
    const other = await told({ privateKey: 'k2' })
    expect(other.user_id).not.toBe(user_id)
  })

  test('is the label itself where the option says so', async () => {
    expect(await told({ sendUserId: 'raw' })).toMatchObject({ user_id: 'account 42' })
  })

  test('is no label at all where the option says so', async () => {
    expect(await told({ sendUserId: 'none' })).not.toHaveProperty('user_id')
  })

  test('includes the address, unless the option withholds it', async () => {
    expect(await told({})).toHaveProperty('ip_address')
    expect(await told({ sendAddress: false })).not.toHaveProperty('ip_address')
  })

  test('is the same at the second verification', async () => {
    const simulator = await cloud()
    const { app } = site({ ...credentials(simulator), userId: () => 'account 42', sendAddress: false })
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
    const [first, second] = simulator.calls.map(({ params }) => params)
    expect(second?.user_id).toBe(first?.user_id)
    expect(second).not.toHaveProperty('ip_address')
  })
})

test('nothing of an answer is seen before its session is saved', async () => {
  let save = (): void => undefined
  class Slow extends MemorySessions {
    override set(...args: Parameters<MemorySessions['set']>): void {
      save = () => super.set(...args)
    }
  }
  const saved = jest.spyOn(Slow.prototype, 'set')
  const captcha = geetest(credentials(await cloud()))
  const app = express().use(session({ secret: 'test', resave: false, saveUninitialized: false, store: new Slow() }))
  const server = app.use(captcha).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const pieces: string[] = []
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.setEncoding('utf8').on('data', (text: string) => pieces.push(text))
  socket.write('GET /getcaptcha HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  await until(() => saved.mock.calls.length === 1)
  // What was written by now has long arrived when another connection was answered.
  await request(app).get('/gt.js').expect(200)
  const early = pieces.join('')
  save()
  await once(socket, 'close')
  server.close()
  expect(early).toBe('')
  expect(pieces.join('')).toMatch(/^HTTP\/1\.1 200 OK[^]*"success":1[^]*\}$/)
})
