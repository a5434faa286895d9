/** @express4 headers of answers, errors and scripts */
import type { Simulator } from '../../lib/simulator'
import { version } from '../../lib/version'
import { cloud, credentials, site } from '../support/site'
import { cookieOf, wireTo, type Answered, type Wire } from './support/wire'

/** A cache that all visitors share, and that keeps whatever it is not forbidden to keep; it asks again by ETag. */
function greedyCache(wire: Wire): (path: string, headers?: Record<string, string>) => Promise<Answered> {
  const kept = new Map<string, Answered>()
  return async (path, headers = {}) => {
    const known = kept.get(path)
    if (known !== undefined && !/no-cache/.test(String(known.headers['cache-control']))) return known
    const etag = known?.headers.etag === undefined ? {} : { 'If-None-Match': known.headers.etag }
    const answered = await wire.send('GET', path, { ...headers, ...etag })
    if (answered.status === 304 && known !== undefined) return known
    if (!/no-store|private/.test(String(answered.headers['cache-control']))) kept.set(path, answered)
    return answered
  }
}

describe('a cache between the visitors and the site', () => {
  let simulator: Simulator
  let wire: Wire
  beforeAll(async () => {
    simulator = await cloud()
    const { app } = site(credentials(simulator))
    app.set('etag', 'strong')
    wire = await wireTo(app)
  })
  const challenge = ({ text }: Answered): string => JSON.parse(text).challenge

  // Falls when: an answer about one visitor may be kept, or can be asked for again by its ETag.
  test('attack 23: hands no visitor another one’s challenge, cookie or verdict', async () => {
    const cached = greedyCache(wire)
    const paths = [
      '/getcaptcha',
      '/getcaptcha/',
      '/getcaptcha?t=1',
      '/GETCAPTCHA',
      '/getcaptcha?x=.css',
      '//getcaptcha',
    ]
    for (const path of paths) {
      const [first, second] = [await cached(path), await cached(path)]
      if (first.status === 404) continue
      expect(challenge(first)).not.toBe(challenge(second))
      expect(cookieOf(first)).not.toEqual(cookieOf(second))
    }
    // The cache is not to blame: what may be kept it keeps.
    const script = `/gt.js?v=${version}`
    expect(await cached(script)).toBe(await cached(script))
  })

  test('attack 23: is told so by every answer that is about one visitor', async () => {
    const json = { 'Content-Type': 'application/json' }
    const answers = [
      await wire.send('GET', '/getcaptcha'),
      await wire.send('HEAD', '/getcaptcha'),
      await wire.send('POST', '/validate', json, '{}'),
      await wire.send('POST', '/validate', json, '{"geetest_challenge":1}'),
      await wire.post('/validate', { geetest_challenge: 'c'.repeat(32), geetest_validate: 'x', geetest_seccode: 'x' }),
    ]
    for (const { headers } of answers) {
      expect(headers).toMatchObject({ 'cache-control': 'no-store', vary: expect.stringMatching(/\bCookie\b/) })
      for (const name of ['etag', 'last-modified', 'expires', 'age']) expect(headers).not.toHaveProperty(name)
    }
  })

  test.each<Record<string, string>>([
    { 'If-None-Match': '*' },
    { 'If-None-Match': 'W/"0-0", "x"' },
    { 'If-Modified-Since': new Date(2e12).toUTCString() },
    { Range: 'bytes=0-9' },
    { 'Cache-Control': 'only-if-cached' },
  ])('attack 23: gets a whole new challenge, whatever it asks: %j', async (headers) => {
    const [first, second] = [
      await wire.send('GET', '/getcaptcha', headers),
      await wire.send('GET', '/getcaptcha', headers),
    ]
    expect([first.status, second.status]).toEqual([200, 200])
    expect(challenge(first)).not.toBe(challenge(second))
  })

  // Falls when: an address that looks like a file leads to an answer about a visitor.
  test.each([
    '/getcaptcha/style.css',
    '/getcaptcha.js',
    '/getcaptcha;a.css',
    '/getcaptcha%2fa.css',
    '/getcaptcha%00.js',
    '/gt.js/getcaptcha',
  ])('attack 23: is not deceived by %s', async (path) => {
    const answered = await wire.send('GET', path)
    expect([400, 404]).toContain(answered.status)
    expect(answered.headers['set-cookie']).toBeUndefined()
  })

  test('attack 23: keeps no refusal either', async () => {
    await simulator.fault('refuse')
    const { app, captcha } = site({ ...credentials(simulator), budgets: { issues: 1 } })
    captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
    const busy = await wireTo(app)
    const cached = greedyCache(busy)
    await cached('/getcaptcha')
    const { status, headers } = await cached('/getcaptcha')
    expect(status).toBe(429)
    expect(headers['cache-control'] ?? 'no-store').not.toMatch(/public|max-age|immutable/)
    await simulator.fault('none')
  })
})
