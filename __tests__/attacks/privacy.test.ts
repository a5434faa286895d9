/** @express4 addresses */
import { createHash, createHmac } from 'node:crypto'
import express from 'express'
import request from 'supertest'
import { geetest, type GeetestOptions } from '../../lib'
import { cloud, credentials, errorsAsJson, sessions, site, solve, visitor } from '../support/site'

/** Every header by which some server once learned a visitor's address. */
const CLAIMS = {
  'X-Forwarded-For': '203.0.113.9',
  'X-Real-IP': '203.0.113.9',
  Forwarded: 'for=203.0.113.9',
  'Client-IP': '203.0.113.9',
  'X-Client-IP': '203.0.113.9',
  'True-Client-IP': '203.0.113.9',
  'CF-Connecting-IP': '203.0.113.9',
  'X-Cluster-Client-IP': '203.0.113.9',
}
const LOOPBACK = /^(::ffff:)?127\.0\.0\.1$/

async function open(options: Partial<GeetestOptions> = {}, trust: unknown = false) {
  const simulator = await cloud({ privateKey: 'k' })
  const { app, captcha } = site({ ...credentials(simulator), ...options })
  app.set('trust proxy', trust)
  return { simulator, app, captcha, agent: visitor(app), told: () => simulator.calls.map(({ params }) => params) }
}

describe('a visitor who claims an address', () => {
  // Falls when: an address is read from a header by anything but Express, which knows whom to trust.
  test('attack 18: is believed by nobody where no proxy is trusted', async () => {
    const { simulator, agent, told } = await open()
    const { body } = await agent.get('/getcaptcha').set(CLAIMS).expect(200)
    await agent.post('/login').set(CLAIMS).send(simulator.answer(body.challenge)).expect(200)
    expect(told().map(({ ip_address }) => ip_address)).toEqual([
      expect.stringMatching(LOOPBACK),
      expect.stringMatching(LOOPBACK),
    ])
  })

  test('attack 18: behind a balancer is known by what the balancer added', async () => {
    const { agent, told } = await open({}, 'loopback')
    await agent.get('/getcaptcha').set('X-Forwarded-For', '203.0.113.9, 10.0.0.1, 198.51.100.7').expect(200)
    expect(told()[0]?.ip_address).toBe('198.51.100.7')
  })

  // Falls when: only the word `true` is recognised, of all the ways to trust everybody.
  test.each<[string, unknown]>([
    ['true', true],
    ['every IPv4 address', '0.0.0.0/1, 128.0.0.0/1'],
    ['every IPv6 address', ['loopback', '::/1', '8000::/1']],
    ['a function that says yes', () => true],
  ])('attack 18: chooses no budget: trusting %s beside budgets is refused', async (_, trust) => {
    const { app } = await open({}, trust)
    expect((await request(app).get('/getcaptcha').expect(500)).body.code).toBe('trust_proxy')
    expect((await request(app).post('/login').expect(500)).body.code).toBe('trust_proxy')
  })

  test('attack 18: chooses no budget in an app below one that trusts everybody either', async () => {
    const captcha = geetest(credentials(await cloud()))
    const below = express().use(captcha).use(errorsAsJson)
    const above = express().set('trust proxy', true).use(sessions()).use('/below', below)
    expect((await request(above).get('/below/getcaptcha').expect(500)).body.code).toBe('trust_proxy')
  })

  test.each<[string, unknown]>([
    ['nobody', false],
    ['one hop', 1],
    ['this machine', 'loopback'],
    ['a private network', 'loopback, uniquelocal, 10.1.2.3'],
  ])('attack 18: is no reason to refuse a site that trusts %s', async (_, trust) => {
    const { agent } = await open({}, trust)
    await agent.get('/getcaptcha').expect(200)
  })

  // Falls when: a budget counts what visitors say, or every address of one IPv6 customer by itself.
  test.each<[string, unknown, (i: number) => string]>([
    ['without a proxy', false, (i) => `203.0.113.${i}`],
    ['in front of what the balancer adds', 'loopback', (i) => `203.0.113.${i}, 198.51.100.7`],
    ['within one IPv6 network', 'loopback', (i) => `2001:db8:1:2:${i}::1`],
    ['in two notations', 'loopback', (i) => (i % 2 ? '198.51.100.7' : '::ffff:198.51.100.7')],
    ['that are none', 'loopback', (i) => `nonsense-${i}`],
  ])('attack 18: evades no downtime budget by changing addresses %s', async (_, trust, address) => {
    const budgets = { issues: 5, totalIssues: 5, failures: 5 }
    const { captcha, agent } = await open({ budgets }, trust)
    captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
    const seen = []
    for (let i = 0; i < 10; i++) seen.push((await agent.get('/getcaptcha').set('X-Forwarded-For', address(i))).status)
    expect(seen).toEqual([...Array(5).fill(200), ...Array(5).fill(429)])
    const wrong = { geetest_challenge: 'x'.repeat(32), geetest_validate: 'x', geetest_seccode: 'x' }
    const said = []
    for (let i = 0; i < 10; i++)
      said.push((await agent.post('/login').set('X-Forwarded-For', address(i)).send(wrong)).status)
    // Who has no address shares no count of wrong answers with others, and such junk costs nothing.
    const beyond = address(0).startsWith('nonsense') ? 403 : 429
    expect(said).toEqual([...Array(5).fill(403), ...Array(5).fill(beyond)])
  })
})

describe('a visitor’s label', () => {
  // Falls when: a label is taken from what the browser sends, as in the official samples.
  test('attack 18: is not chosen by the visitor', async () => {
    const { simulator, agent, told } = await open({ userId: () => 'account 42', sendUserId: 'raw' })
    const claims = { user_id: 'admin', userId: 'admin', geetest_user_id: 'admin', uid: 'admin' }
    const { body } = await agent
      .get('/getcaptcha')
      .query(claims)
      .set('Cookie', 'user_id=admin; geetest=admin')
      .expect(200)
    const login = await agent
      .post('/login')
      .query(claims)
      .send({ ...simulator.answer(body.challenge), ...claims })
      .expect(200)
    expect(told().map(({ user_id }) => user_id)).toEqual(['account 42', 'account 42'])
    expect(login.body.user).toBe('account 42')
  })

  // Falls when: the cloud learns the label, or a hash that whoever knows the labels can compute.
  test('attack 18: is told to the cloud as a hash that nobody can compute without the key', async () => {
    const label = 'alice@example.com'
    const { simulator, agent, told } = await open({ userId: () => label })
    const answer = await solve(agent, simulator)
    const { body } = await agent.post('/login').send(answer).expect(200)
    const [first, second] = told().map(({ user_id }) => String(user_id))
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(second).toBe(first)
    const keys = ['', 'k', simulator.captchaId, 'geetest', 'express-geetest', 'user_id 1']
    for (const name of ['md5', 'sha1', 'sha256', 'sha512']) {
      const plain = keys.flatMap((key) =>
        [key + label, label + key].map((text) => createHash(name).update(text).digest('hex')),
      )
      const keyed = keys.map((key) => createHmac(name, key).update(label).digest('hex'))
      for (const guess of [...plain, ...keyed]) expect(guess.startsWith(String(first))).toBe(false)
    }
    // The site itself goes on by the label.
    expect(body.user).toBe(label)
    expect(JSON.stringify(told())).not.toMatch(/alice|example\.com/)
  })

  test('attack 18: and address are withheld from both calls where the options say so', async () => {
    const { simulator, agent, told } = await open({
      userId: () => 'account 42',
      sendUserId: 'none',
      sendAddress: false,
    })
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
    expect(told()).toHaveLength(2)
    expect(JSON.stringify(simulator.calls.map(({ params }) => params))).not.toMatch(
      /user_id|ip_address|account|127\.0\.0\.1/,
    )
  })
})
