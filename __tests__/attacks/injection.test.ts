import request from 'supertest'
import type { GeetestOptions } from '../../lib'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { stubCloud } from '../support/stub-cloud'

/** What ends a value and begins the next one, wherever texts are put together by hand. */
const INJECTIONS = [
  'x&captchaid=evil&gt=evil&seccode=evil',
  'x%26captchaid%3Devil',
  'x#fragment',
  'x?gt=evil',
  'x;captchaid=evil',
  'x\r\nHost: evil\r\n\r\nGET /evil HTTP/1.1',
  'x%0d%0aHost:%20evil',
  'x\0captchaid=evil',
  'x&captchaid[]=evil',
  '../../evil.php?',
  '\u2028x＆captchaid＝evil',
]
const OWN = { captchaId: 'a'.repeat(32), privateKey: 'k', timeout: 30_000 }

/** What the cloud is asked, parsed strictly: names in order, and each value. */
function asked({ requests }: Awaited<ReturnType<typeof stubCloud>>) {
  return requests.map(({ method, url, body }) => {
    const { pathname, search } = new URL(url, 'http://cloud')
    const pairs = [...new URLSearchParams(method === 'GET' ? search : body)]
    expect(pairs).toHaveLength(new Set(pairs.map(([name]) => name)).size)
    return { path: pathname, params: Object.fromEntries(pairs) }
  })
}

describe('attackers who choose a value', () => {
  /** One issue at a site whose visitors choose these. */
  async function issue(options: Partial<GeetestOptions>, headers: Record<string, string> = {}) {
    const stub = await stubCloud()
    stub.reply = { status: 200, body: '0'.repeat(32) }
    const { app } = site({ ...OWN, apiServer: stub.url, ...options })
    app.set('trust proxy', 'loopback')
    await request(app).get('/getcaptcha').set(headers).expect(200)
    expect(stub.requests).toHaveLength(1)
    return asked(stub)[0]
  }

  // Falls when: the cloud's parameters are put together by hand, instead of being encoded one by one.
  test.each(INJECTIONS)('attack 14: a label cannot become another parameter: %j', async (label) => {
    const { path, params } = (await issue({ userId: () => label, sendUserId: 'raw' })) ?? {}
    expect(path).toBe('/register.php')
    expect(params).toMatchObject({ gt: OWN.captchaId, user_id: label })
    expect(Object.keys(params ?? {}).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'client_type',
      'digestmod',
      'gt',
      'ip_address',
      'json_format',
      'sdk',
      'user_id',
    ])
  })

  test.each([
    '127.0.0.1&captchaid=evil',
    '::1%25&gt=evil',
    'fe80::1%eth0&gt=evil',
    '1.2.3.4#',
    'evil',
    '1.2.3.4, evil&gt=x',
  ])('attack 14: an address that a header claims cannot become another parameter: %s', async (address) => {
    const { params } = (await issue({}, { 'X-Forwarded-For': address })) ?? {}
    expect(params).not.toHaveProperty('ip_address')
    expect(params?.gt).toBe(OWN.captchaId)
  })

  // Falls when: id, key or host of the cloud can be named by a request.
  test('attack 14: no request chooses the captcha id, the key or the cloud', async () => {
    const stub = await stubCloud()
    stub.reply = { status: 200, body: '0'.repeat(32) }
    const { app } = site({ ...OWN, apiServer: stub.url })
    const evil = {
      gt: 'evil',
      captcha_id: 'evil',
      captchaid: 'evil',
      private_key: 'evil',
      api_server: '127.0.0.1:1',
      apiServer: 'http://127.0.0.1:1',
      protocol: 'http://',
      digestmod: 'none',
    }
    const { body } = await visitor(app)
      .get('/getcaptcha')
      .query(evil)
      .set({ 'X-Forwarded-Host': 'evil', Host: 'evil.example', Forwarded: 'host=evil' })
      .expect(200)
    expect(body).toMatchObject({ gt: OWN.captchaId, api_server: stub.url.replace('http://', '') })
    expect(asked(stub)).toEqual([
      { path: '/register.php', params: expect.objectContaining({ gt: OWN.captchaId, digestmod: 'md5' }) },
    ])
  })

  // Falls when: a field goes upstream as it came, without a look at its alphabet.
  test.each(INJECTIONS)(
    'attack 14: a seccode that is more than a seccode never leaves this server: %j',
    async (seccode) => {
      const simulator = await cloud()
      const agent = visitor(site(credentials(simulator)).app)
      const answer = await solve(agent, simulator)
      simulator.forget()
      await agent
        .post('/login')
        .send({ ...answer, geetest_seccode: seccode })
        .expect(400)
      expect(simulator.calls).toEqual([])
    },
  )

  test('attack 14: a field beside the three never leaves this server', async () => {
    const simulator = await cloud()
    const agent = visitor(site(credentials(simulator)).app)
    const answer = await solve(agent, simulator)
    simulator.forget()
    const beside = { captchaid: 'evil', gt: 'evil', json_format: '0', sdk: 'evil', challenge: 'evil' }
    await agent
      .post('/login')
      .send({ ...answer, ...beside })
      .expect(200)
    const [call] = simulator.calls.map(({ params }) => params)
    expect(call).toMatchObject({ captchaid: simulator.captchaId, json_format: '1' })
    expect(JSON.stringify(call)).not.toContain('evil')
  })
})
