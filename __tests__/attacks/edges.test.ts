import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import request from 'supertest'
import { geetest, type GeetestOptions } from '../../lib'
import { cloud, credentials, errorsAsJson, site, solve, visitor } from '../support/site'
import { start } from '../support/process'
import { wireTo } from './support/wire'

/** A visitor with a pass, on a site that is reached as these headers say. */
async function holder(options: Partial<GeetestOptions> = {}, trust?: string) {
  const simulator = await cloud()
  const { app } = site({ ...credentials(simulator), ...options })
  if (trust !== undefined) app.set('trust proxy', trust)
  const agent = visitor(app)
  const answer = await solve(agent, simulator)
  await agent.post('/validate').send(answer).expect(200, 'success')
  return agent
}

const HTTPS = { Host: 'shop.example', 'X-Forwarded-Proto': 'https' }

// Falls when: what is beside this origin counts as it.
test.each<[string, Record<string, string>, number, string?]>([
  ['the same origin', { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://shop.example' }, 200],
  ['the address bar', { 'Sec-Fetch-Site': 'none' }, 200],
  ['no browser', {}, 200],
  ['another sub-domain', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://users.shop.example' }, 403],
  ['another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['what no browser says', { 'Sec-Fetch-Site': 'same-origin, cross-site' }, 403],
  ['the same origin, by Origin alone', { Host: 'shop.example', Origin: 'http://shop.example' }, 200],
  ['a TLS proxy nobody told Express of', { Host: 'shop.example', Origin: 'https://shop.example' }, 200],
  ['its port written out', { Host: 'shop.example:443', Origin: 'https://shop.example' }, 200],
  ['a port of its own', { Host: 'shop.example:8080', Origin: 'http://shop.example:8080' }, 200],
  ['another port', { Host: 'shop.example', Origin: 'http://shop.example:8080' }, 403],
  ['another port than its own', { Host: 'shop.example:8080', Origin: 'http://shop.example' }, 403],
  ['a name that begins alike', { Host: 'shop.example', Origin: 'http://shop.example.evil' }, 403],
  ['a sub-domain, by Origin alone', { Host: 'shop.example', Origin: 'http://users.shop.example' }, 403],
  ['nowhere', { Host: 'shop.example', Origin: 'null' }, 403],
  ['a host in capitals', { Host: 'SHOP.example', Origin: 'http://shop.example' }, 200],
  ['an address of IPv6', { Host: '[::1]:5000', Origin: 'http://[::1]:5000' }, 200],
  ['a page that only the Referer tells of', { Host: 'shop.example', Referer: 'http://shop.example/a' }, 200],
  ['another page that only the Referer tells of', { Host: 'shop.example', Referer: 'http://evil.example/a' }, 403],
  ['https behind a proxy', { ...HTTPS, Origin: 'https://shop.example' }, 200, 'loopback'],
  ['http beside https', { ...HTTPS, Origin: 'http://shop.example' }, 403, 'loopback'],
  [
    'a forwarded host',
    { Host: 'node:3000', 'X-Forwarded-Host': 'shop.example', Origin: 'http://shop.example' },
    200,
    'loopback',
  ],
  [
    'a forwarded host of one’s own',
    { Host: 'shop.example', 'X-Forwarded-Host': 'evil.example', Origin: 'http://evil.example' },
    403,
  ],
])('attack 45: a pass that a page of %s asks for', async (_, headers, status, ...[trust]) => {
  const agent = await holder({}, trust)
  await agent.post('/login').set(headers).expect(status)
})

test.each([
  ['https://users.shop.example', '["https://users.shop.example"]'],
  ['null', 'the origin of that page'],
  ['javascript:alert(1)//', 'the origin of that page'],
])('attack 45: a pass that is refused to a page of %s says what to write', async (origin, write) => {
  const agent = await holder()
  const { body } = await agent.post('/login').set({ 'Sec-Fetch-Site': 'same-site', Origin: origin }).expect(403)
  expect(body).toEqual({ code: 'missing', message: expect.stringContaining(`write origins: ${write}.`) })
})

test('attack 45: a page of an origin that is named may spend a pass', async () => {
  const agent = await holder({ origins: ['https://users.shop.example'] })
  await agent.post('/login').set({ 'Sec-Fetch-Site': 'same-site', Origin: 'https://users.shop.example' }).expect(200)
})

// Falls when: a body is unpacked before anybody knows what it is worth.
test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('attack 45: a body packed with %s is malformed, and is not unpacked', async (encoding, pack) => {
  const agent = await holder()
  const text = JSON.stringify({ geetest_challenge: 'a'.repeat(32), geetest_validate: 'b', geetest_seccode: 'c' })
  for (const path of ['/login', '/validate']) {
    await agent
      .post(path)
      .set({ 'Content-Type': 'application/json', 'Content-Encoding': encoding })
      .serialize((body: unknown) => body as string)
      .send(pack(text) as never)
      .expect(400)
  }
})

// Falls when: an option is read from what every object inherits.
describe('with a polluted Object.prototype', () => {
  const own = Object.prototype as Record<string, unknown>
  const POISON = {
    apiServer: 'http://127.0.0.1:9',
    allowInsecure: true,
    downtime: 'allow',
    budgets: false,
    bypass: true,
    prefetch: true,
    scene: 'evil',
    version: 4,
    timeout: 30_000,
    origins: ['https://evil.example'],
    sendUserId: 'raw',
    uses: 10,
    seconds: 3600,
    issues: 1_000_000,
    totalIssues: 1_000_000,
    geetest: { ok: true, user_id: 'evil', gt_server_status: 0 },
    store: { put: () => undefined, take: () => undefined },
    userId: () => 'evil',
    clientType: () => 'native',
    onDeny: (_error: unknown, _req: unknown, _res: unknown, next: () => void) => next(),
    onEvent: () => undefined,
  }
  afterEach(() => {
    for (const name of Object.keys(POISON)) delete own[name]
  })
  const poison = (): void => {
    for (const [name, value] of Object.entries(POISON)) {
      Object.defineProperty(own, name, { value, configurable: true, enumerable: false, writable: true })
    }
  }

  // Falls when: what every object has is taken for the cloud's word.
  test('attack 45: a challenge or a verdict that every object has is none of the cloud’s', async () => {
    const simulator = await cloud()
    const { app } = site({ ...credentials(simulator), budgets: false })
    const agent = visitor(app)
    const right = await solve(agent, simulator)
    await simulator.fault('500')
    Object.defineProperty(own, 'challenge', { value: 'a'.repeat(32), configurable: true, writable: true })
    Object.defineProperty(own, 'verdict', { value: 'ok', configurable: true, writable: true })
    try {
      const { body } = await agent.get('/getcaptcha').expect(200)
      expect(body).toMatchObject({ success: 0, challenge: expect.not.stringMatching(/^a{32}$/) })
      expect((await agent.post('/login').send(right).expect(503)).body.code).toBe('unavailable')
    } finally {
      delete own.challenge
      delete own.verdict
    }
  })

  // Falls when: what every object has is taken for a lost call, or keeps a look of our own from counting.
  test('attack 45: what every object has makes no outage, and keeps none from being seen', async () => {
    const simulator = await cloud()
    const { app, captcha } = site({ ...credentials(simulator), budgets: false })
    const members = { failed: 'network', unseen: 'busy', shared: true, shaped: true }
    for (const [name, value] of Object.entries(members)) {
      Object.defineProperty(own, name, { value, configurable: true, writable: true })
    }
    try {
      for (let i = 0; i < 4; i++) expect((await visitor(app).get('/getcaptcha').expect(200)).body.success).toBe(1)
      await simulator.fault('500')
      for (let i = 0; i < 4; i++) await visitor(app).get('/getcaptcha').expect(200)
      expect(captcha.status.mode).toBe('down')
    } finally {
      for (const name of Object.keys(members)) delete own[name]
    }
  })

  test('attack 45: the options stay what somebody wrote, and nobody gets in', async () => {
    const simulator = await cloud()
    const before = geetest(credentials(simulator))
    const settings = JSON.stringify(before.settings)
    before.close()
    const { app, captcha } = site(credentials(simulator))
    const wire = await wireTo(app.use(errorsAsJson))
    poison()
    const poisoned = geetest(credentials(simulator))
    expect(JSON.stringify(poisoned.settings)).toBe(settings)
    expect(poisoned.settings.store).not.toBe(POISON.store)
    poisoned.close()
    const guard = captcha.validate()
    app.post('/pay', guard, (_req, res) => void res.json({ paid: true }))
    for (const path of ['/login', '/pay']) expect((await wire.post(path, {})).status).toBeGreaterThanOrEqual(400)
    captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
    for (const path of ['/login', '/pay']) expect((await wire.post(path, {})).status).toBeGreaterThanOrEqual(400)
  })
})

// Falls when: the demo listens to the network, or lets it take the cloud down.
describe('the demo', () => {
  const localOnly = /http:\/\/localhost:(\d+)/

  test('attack 45: listens on this machine alone', async () => {
    const port = await start(['demo', '--port', '0']).says(localOnly)
    const { body } = await request(`http://127.0.0.1:${port}`).get('/drill').expect(200)
    expect(body.available).toBe(true)
    // Another address of this machine's own, as one on the network would be.
    await expect(request(`http://127.0.0.2:${port}`).get('/drill')).rejects.toThrow(/ECONNREFUSED/)
  })

  test('attack 45: keeps the switch from who names it otherwise', async () => {
    const port = await start(['demo', '--port', '0']).says(localOnly)
    const site = request(`http://127.0.0.1:${port}`)
    expect((await site.get('/drill').set('Host', 'evil.example')).body.available).toBe(false)
    await site.post('/drill').set('Host', 'evil.example').send({ down: true }).expect(404)
  })

  test('attack 45: has no switch where HOST lets others in', async () => {
    const port = await start(['demo', '--port', '0'], { HOST: '0.0.0.0' }).says(localOnly)
    const site = request(`http://127.0.0.1:${port}`)
    expect((await site.get('/drill')).body.available).toBe(false)
    await site.post('/drill').send({ down: true }).expect(404)
  })
})
