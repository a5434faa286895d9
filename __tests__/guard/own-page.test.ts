import { geetest } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor } from '../support/site'

describe('a pass', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  async function holder(origins?: string[]) {
    const agent = visitor(site({ ...credentials(simulator), origins }).app)
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send(answer).expect(200, 'success')
    return agent
  }

  test.each([
    [{}, 200],
    [{ 'Sec-Fetch-Site': 'same-origin' }, 200],
    [{ 'Sec-Fetch-Site': 'same-site', Origin: 'https://www.example.com' }, 403],
    [{ 'Sec-Fetch-Site': 'none' }, 200],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site', Origin: 'http://127.0.0.1' }, 403],
    [{ Origin: 'http://127.0.0.1:9' }, 403],
    [{ Origin: 'https://evil.example' }, 403],
    [{ Origin: 'https://127.0.0.1.evil.example' }, 403],
    [{ Origin: 'null' }, 403],
  ])('asked for with %j is answered %i', async (headers, status) => {
    const agent = await holder()
    await agent
      .post('/login')
      .set(headers as Record<string, string>)
      .expect(status)
  })

  test('that a stranger’s page asked for is still there for its owner', async () => {
    const agent = await holder()
    const { body } = await agent.post('/login').set('Sec-Fetch-Site', 'cross-site').expect(403)
    expect(body.code).toBe('missing')
    await agent.post('/login').set('Sec-Fetch-Site', 'same-origin').expect(200)
  })

  test.each([
    ['https://app.example.com', 200],
    ['https://app.example.com.evil.example', 403],
    ['http://app.example.com', 403],
  ])(
    'may be spent by a page of an origin that is named, and by no other: %s is answered %i',
    async (origin, status) => {
      const agent = await holder(['https://app.example.com'])
      await agent.post('/login').set({ Origin: origin, 'Sec-Fetch-Site': 'cross-site' }).expect(status)
    },
  )

  const APPS = [
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'app://.',
    'app://obsidian.md',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'moz-extension://5f3e2a54-27fa-4ee5-b6fc-1c9ba5e9a23f',
    'vscode-webview://0abc',
  ]

  test.each(APPS)('may be spent by an app of an origin that is named, %s, and by none that is not', async (origin) => {
    const other = `${origin}x`
    const agent = await holder([origin])
    for (const headers of [{ Origin: other }, { Referer: `${other}/index.html` }]) {
      const { body } = await agent.post('/login').set(headers).expect(403)
      expect(body.message).toContain(`write origins: ["${other}"].`)
    }
    await agent.post('/login').set({ Origin: origin }).expect(200)
  })

  test.each(APPS)('may be spent by an app that says who it is by Referer alone, %s', async (origin) => {
    const agent = await holder([origin])
    await agent
      .post('/login')
      .set({ Referer: `${origin}/login` })
      .expect(200)
  })

  test('is not spent by an app whose host has the name of this one', async () => {
    const agent = await holder()
    await agent.post('/login').set({ Host: 'localhost', Origin: 'capacitor://localhost' }).expect(403)
  })

  // Plain http by name and Referrer-Policy: no-referrer, as helmet sets it: the browser says no more than `null`.
  test('that was asked for with Origin null alone says that nobody knows by whose page, and is still there', async () => {
    const agent = await holder()
    const { body } = await agent.post('/login').set({ Host: 'intranet', Origin: 'null' }).expect(403)
    expect(body).toEqual({ code: 'origin_unknown', message: expect.stringContaining('does not say which page') })
    await agent.post('/login').set({ Host: 'intranet', Origin: 'http://intranet' }).expect(200)
  })

  test('of a site whose proxy rewrites Host is spent by its own pages once they are named, which the refusal does', async () => {
    const proxied = { Host: '127.0.0.1:3000', Origin: 'http://intranet' }
    const { body } = await (await holder()).post('/login').set(proxied).expect(403)
    expect(body.message).toContain('write origins: ["http://intranet"].')
    await (await holder(['http://intranet'])).post('/login').set(proxied).expect(200)
  })

  test('is not asked for by an answer, which may come from anywhere', async () => {
    const agent = visitor(site(credentials(simulator)).app)
    const answer = await solve(agent, simulator)
    await agent.post('/login').set('Sec-Fetch-Site', 'cross-site').send(answer).expect(200)
  })
})

describe('option origins names the entry that is wrong, and what to write in its place:', () => {
  test.each<[unknown, string]>([
    ['https://app.example.com/', '"https://app.example.com"'],
    ['https://App.example.com:443/login?x', '"https://app.example.com"'],
    ['app.example.com', '"https://app.example.com"'],
    ['capacitor://localhost/', '"capacitor://localhost"'],
    ['Capacitor://localhost', '"capacitor://localhost"'],
    ['https://*.example.com', 'each origin by itself'],
    ['null', 'the origin of a page that has one of its own'],
    ['file:///android_asset', 'the origin of a page that has one of its own'],
    [7, 'an origin in quotes'],
    ['', 'an origin as a browser sends it'],
  ])('%j', async (entry, words) => {
    const make = () =>
      geetest({ captchaId: 'a'.repeat(32), privateKey: 'k', origins: ['https://a.example', entry as string] })
    expect(make).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: expect.stringContaining(
          `option origins is wrong in entry 2, ${JSON.stringify(entry)}; write ${words}`,
        ),
      }),
    )
  })
})
