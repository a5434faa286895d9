import request from 'supertest'
import { deriveChallenge, type DigestMod } from '../lib/digest'
import { cloud, credentials, site, visitor } from './support/site'

describe('GET /getcaptcha', () => {
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

  test('may not be cached by anyone', async () => {
    const simulator = await cloud()
    const { headers } = await request(site(credentials(simulator)).app).get('/getcaptcha')
    expect(headers['cache-control']).toBe('no-store')
    expect(headers).not.toHaveProperty('etag')
  })

  test('tells the cloud everything that a v3 SDK tells it', async () => {
    const simulator = await cloud()
    const { app } = site({ ...credentials(simulator), userId: () => 'a b&c=10', clientType: () => 'native' })
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
    expect(first).toMatch(/^[0-9a-f]{16}$/)
    expect(second).toBe(first)
  })
})
