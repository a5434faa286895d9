/** @express4 queries */
import request from 'supertest'
import { geetest } from '../../lib'
import { cloud, credentials, site } from '../support/site'

describe('JSONP', () => {
  let simulator: Awaited<ReturnType<typeof cloud>>
  beforeAll(async () => {
    simulator = await cloud()
  })
  const ENDPOINTS = ['gettype', 'get', 'ajax', 'refresh', 'reset']
  const CALLBACKS = [
    'alert(1)//',
    '<script>alert(1)</script>',
    'a;alert(1)',
    'a[0]',
    'a b',
    'a\u2028',
    'a\r\nX-Injected: 1',
    'a%0a',
    'ａlert',
    '',
    'a'.repeat(65),
    'a=1;b',
    '*/alert(1)/*',
  ]

  // Falls when: a callback that is no plain name is written into a script.
  test.each(ENDPOINTS.flatMap((endpoint) => CALLBACKS.map((callback) => [endpoint, callback])))(
    'attack 25: the simulator’s %s.php writes no callback that is more than a name: %j',
    async (endpoint, callback) => {
      const { url, captchaId: gt } = simulator
      const reply = await request(url).get(`/${endpoint}.php`).query({ gt, challenge: 'x', callback }).expect(400)
      expect(reply.headers['content-type']).toMatch(/^text\/plain/)
      expect(reply.headers['x-content-type-options']).toBe('nosniff')
      expect(reply.headers).not.toHaveProperty('x-injected')
      expect(reply.text).not.toContain('alert')
    },
  )

  // Falls when: what is answered could be read as anything but the script that it is.
  test.each(ENDPOINTS)(
    'attack 25: the simulator’s %s.php answers a script behind a comment, whatever it repeats',
    async (endpoint) => {
      const { url } = simulator
      const query = { gt: '</script><script>alert(1)//', challenge: '\u2028";alert(1)//', callback: 'geetest_1' }
      const { headers, text } = await request(url)
        .get(`/${endpoint}.php`)
        .query(query)
        .set('Host', '"><script>')
        .expect(200)
      expect(headers).toMatchObject({
        'content-type': expect.stringMatching(/^text\/javascript/),
        'x-content-type-options': 'nosniff',
      })
      expect(text).toMatch(/^\/\*\*\/geetest_1\(\{.*\}\)$/)
      expect(text).not.toMatch(/<script|alert/)
    },
  )

  test('attack 25: the plugin itself speaks no JSONP, and its answers are of no type that a page would run', async () => {
    const { app } = site(credentials(simulator))
    const captcha = geetest(credentials(simulator))
    app.use('/other', captcha)
    for (const path of ['/getcaptcha', '/other/getcaptcha']) {
      const { headers, text } = await request(app)
        .get(path)
        .query({ callback: 'alert', jsonp: 'alert', t: '<script>' })
        .expect(200)
      expect(headers).toMatchObject({
        'content-type': expect.stringMatching(/^application\/json/),
        'x-content-type-options': 'nosniff',
      })
      expect(JSON.parse(text)).toHaveProperty('challenge')
    }
    const { headers, text } = await request(app).post('/validate').query({ callback: 'alert' }).send({}).expect(400)
    expect([headers['content-type'], headers['x-content-type-options'], text]).toEqual([
      'text/plain; charset=utf-8',
      'nosniff',
      'fail',
    ])
  })
})
