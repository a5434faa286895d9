import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { built, checkES5, read } from './support/bundles'
import { describeInChromium, type Tab } from './support/chromium'
import { hang, held, hostsForEachTest, html, jsonp, refuse, script, status, type Host } from './support/host'
import { passTime, passTimeUntil, standStill } from './support/still'
import { until } from './support/until'

const file = built.loader
const GT = '0123456789abcdef0123456789abcdef'
const CHALLENGE = 'fedcba9876543210fedcba9876543210'
const FULLPAGE = '/static/js/fullpage.0.0.0.js'
const SLIDE = '/static/js/geetest.0.0.0.js'
const PAGE = '<!doctype html><title>page</title><script src="/gt.js"></script>'

/** A stand-in for the widget that keeps what it was made with. */
const widget = (name = 'widget') =>
  script(`window.Geetest = function (config) { this.config = config; this.name = '${name}' }`)

interface Outcome {
  readonly name?: string
  readonly config?: Record<string, unknown>
  readonly error?: Record<string, unknown>
}

/** Calls `initGeetest` in the page; settles with the captcha or the error, and counts every callback. */
function init(page: Page, config: object): Promise<Outcome> {
  return page.evaluate<Outcome>(`new Promise(function (resolve) {
    var config = ${JSON.stringify({ gt: GT, challenge: CHALLENGE, ...config })}
    config.onError = function (error) { window.errors = (window.errors || 0) + 1; resolve({ error: error }) }
    initGeetest(config, function (captcha) {
      window.callbacks = (window.callbacks || 0) + 1
      resolve(JSON.parse(JSON.stringify(captcha)))
    })
  })`)
}

describe('the built loader', () => {
  it('is ES5', () => {
    expect(() => checkES5(file)).not.toThrow()
  })

  it('weighs at most 3.1 kB, minified and gzipped', () => {
    expect(gzipSync(read(file), { level: 9 }).length).toBeLessThanOrEqual(3100)
  })
})

describeInChromium('the loader', (open) => {
  const host = hostsForEachTest()
  let site: Host

  /** A host that answers gettype.php with a widget of its own. */
  async function cloud(more: object = {}): Promise<Host> {
    const started = await host({ '/w.js': widget() })
    const data = { type: 'fullpage', fullpage: '/w.js', static_servers: [started.name], ...more }
    started.serve({ '/gettype.php': jsonp({ status: 'success', data }) })
    return started
  }

  /** A page whose time is passed by the test alone. */
  async function openPage(): Promise<Tab> {
    const tab = await open()
    await standStill(tab.page)
    await tab.page.goto(site.origin)
    return tab
  }

  /** The scheme of the call to gettype.php. */
  async function firstCall(config: object, address = site.origin): Promise<string | undefined> {
    const { page, requests } = await open()
    await page.goto(address)
    const call = page.waitForRequest(/gettype/)
    void init(page, { api_server: 'cloud.invalid', ...config }).catch(() => {})
    await call
    return requests.find((url) => url.includes('gettype'))?.split('cloud')[0]
  }

  beforeEach(async () => {
    site = await host({ '/': html(PAGE), '/gt.js': script(read(file)) })
  })

  it('asks the cloud for the type and hands over a widget with the merged configuration', async () => {
    const { page } = await openPage()
    const { name } = await cloud({ aspect_radio: { slide: 103 } })
    const { config } = await init(page, { api_server: name, product: 'embed' })
    expect(config).toMatchObject({ gt: GT, challenge: CHALLENGE, product: 'embed', aspect_radio: { slide: 103 } })
  })

  it('sends gt and a callback to gettype.php', async () => {
    const { page, requests } = await openPage()
    const { name } = await cloud()
    await init(page, { api_server: name })
    expect(requests.find((url) => url.includes('gettype'))).toMatch(
      new RegExp(`^http://${name}/gettype\\.php\\?gt=${GT}&callback=geetest_\\d+$`),
    )
  })

  it('takes the whole reply for the data when it has no status', async () => {
    const { page } = await openPage()
    const own = await host({ '/w.js': widget('plain') })
    own.serve({ '/gettype.php': jsonp({ type: 'slide', slide: '/w.js', static_servers: [own.name] }) })
    expect(await init(page, { api_server: own.name })).toMatchObject({ name: 'plain' })
  })

  it('leaves no global behind but the official ones', async () => {
    const { page } = await open()
    await page.goto(`${site.origin}/none`)
    const before = await page.evaluate<string[]>('Object.getOwnPropertyNames(window)')
    await page.goto(site.origin)
    const { name } = await cloud()
    await init(page, { api_server: name })
    const after = await page.evaluate<string[]>('Object.getOwnPropertyNames(window)')
    // The last is the page's one policy for Trusted Types, which all our scripts share.
    const ours = ['callbacks', 'geetestScriptURL']
    const added = after.filter((global) => ![...before, ...ours].includes(global)).toSorted()
    expect(added).toEqual(['GeeChallenge', 'GeeGT', 'Geetest', 'initGeetest'])
  })

  it('names gt and challenge in the two official globals', async () => {
    const { page } = await openPage()
    const { name } = await cloud()
    await init(page, { api_server: name })
    expect(await page.evaluate('[GeeGT, GeeChallenge]')).toEqual([GT, CHALLENGE])
  })

  it('takes a configuration key that is undefined for one that is not given', async () => {
    const { page, requests } = await openPage()
    await page.evaluate(`initGeetest({ gt: '${GT}', challenge: '${CHALLENGE}', api_server: undefined,
      protocol: undefined, onError: function () {} }, function () {})`)
    await until(() => requests.some((url) => url.includes('gettype')))
    expect(requests.find((url) => url.includes('gettype'))).toContain('http://api.geetest.com/gettype.php?')
  })

  it('does what the caller asks for with a configuration that carries its own type path', async () => {
    const { page } = await openPage()
    const own = await cloud()
    own.serve({ '/other.php': jsonp({ type: 'fullpage', fullpage: '/w.js', static_servers: [own.name], odd: 1 }) })
    expect((await init(page, { api_server: own.name, typePath: '/other.php' })).config).toMatchObject({ odd: 1 })
  })

  describe('hosts', () => {
    it.each([
      ['with a scheme', (name: string) => `https://${name}`, ''],
      ['with a trailing slash', (name: string) => `${name}/`, ''],
      ['with a path', (name: string) => `${name}/captcha//v3/`, '/captcha/v3'],
    ])('may come %s', async (_how, spell, prefix) => {
      const { page } = await openPage()
      const own = await cloud()
      own.serve({ [`${prefix}/gettype.php`]: jsonp({ type: 'slide', slide: '/w.js', static_servers: [own.name] }) })
      await init(page, { api_server: spell(own.name) })
      expect(own.asked).toContain(`${prefix}/gettype.php`)
    })

    it('are asked in the order of api_server_v3, before api_server', async () => {
      const { page } = await openPage()
      const broken = await host({ '/gettype.php': status(500) })
      const good = await cloud()
      const last = await cloud()
      await init(page, { api_server_v3: [broken.name, good.name], api_server: last.name })
      expect([broken.asked.length, good.asked.length, last.asked.length]).toEqual([1, 2, 0])
    })

    it('may be one text in api_server_v3', async () => {
      const { page } = await openPage()
      const own = await cloud()
      expect(await init(page, { api_server_v3: own.name })).toMatchObject({ name: 'widget' })
    })

    it('with an empty name mean the origin of the page', async () => {
      const { page } = await openPage()
      site.serve({ '/w.js': widget('same origin') })
      const own = await cloud({ static_servers: [''] })
      expect(await init(page, { api_server: own.name })).toMatchObject({ name: 'same origin' })
    })

    it.each([
      ['refuses', refuse],
      ['answers 500', status(500)],
      ['hangs', hang],
      ['answers with something else', html('<h1>Welcome to the hotel</h1>')],
    ])('are passed over when one %s', async (_how, fault) => {
      const { page } = await openPage()
      const bad = await host({ '/w.js': fault })
      const good = await host({ '/w.js': widget('second') })
      const own = await cloud({ static_servers: [bad.name, good.name] })
      const made = init(page, { api_server: own.name })
      await until(() => bad.asked.length > 0)
      if (fault === hang) await passTime(page)
      expect(await made).toMatchObject({ name: 'second' })
    })
  })

  describe('protocol', () => {
    it('is that of the page', async () => {
      expect(await firstCall({})).toBe('http://')
    })

    it('is https when https is asked for', async () => {
      expect(await firstCall({ https: true, protocol: 'http://' })).toBe('https://')
    })

    it('is what the page says', async () => {
      expect(await firstCall({ protocol: 'https://' })).toBe('https://')
    })

    it('is https on a page from a file', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'loader-'))
      writeFileSync(join(folder, 'page.html'), `<script>${read(file)}</script>`)
      try {
        expect(await firstCall({}, pathToFileURL(join(folder, 'page.html')).href)).toBe('https://')
      } finally {
        await rm(folder, { recursive: true })
      }
    })
  })

  describe('in an outage', () => {
    it('asks nothing and loads the stand-in when the page says offline', async () => {
      const { page } = await openPage()
      const own = await host({ [FULLPAGE]: widget() })
      await init(page, { api_server: own.name, offline: true, new_captcha: true })
      expect(own.asked).toEqual([FULLPAGE])
    })

    it.each([
      ['fullpage for the newer captcha', { new_captcha: true }, FULLPAGE],
      ['slide for the older captcha', { new_captcha: false }, SLIDE],
      ['slide where nothing is said', {}, SLIDE],
      ['the type that the page names', { type: 'slide', new_captcha: true }, SLIDE],
    ])('loads %s', async (_what, config, path) => {
      const { page } = await openPage()
      const own = await host({ [FULLPAGE]: widget(), [SLIDE]: widget() })
      await init(page, { api_server: own.name, offline: true, ...config })
      expect(own.asked).toEqual([path])
    })

    it.each([
      ['refuses', refuse],
      ['answers 500', status(500)],
      ['hangs', hang],
      ['says error', jsonp({ status: 'error', error: 'no' })],
      ['names no script', jsonp({ status: 'success', data: { type: 'fullpage' } })],
    ])('loads the stand-in when gettype.php %s', async (_how, fault) => {
      const { page } = await openPage()
      const own = await host({ '/gettype.php': fault, [FULLPAGE]: widget('stand-in') })
      const made = init(page, { api_server: own.name, new_captcha: true })
      await until(() => own.asked.length > 0)
      if (fault === hang) await passTime(page)
      expect(await made).toMatchObject({ name: 'stand-in' })
    })

    it('leaves "offline" as the page said it', async () => {
      const { page } = await openPage()
      const own = await host({ [FULLPAGE]: widget() })
      const { config } = await init(page, { api_server: own.name, new_captcha: true, offline: false })
      expect(config).toMatchObject({ offline: false })
    })

    it("asks the page's own cloud first, then the vendor's two hosts", async () => {
      const { page, requests } = await openPage()
      await init(page, { api_server: 'cloud.invalid', offline: true, new_captcha: true })
      expect(requests.filter((url) => url.includes(FULLPAGE)).map((url) => new URL(url).host)).toEqual([
        'cloud.invalid',
        'static.geetest.com',
        'dn-staticdown.qbox.me',
      ])
    })

    it("does not ask the vendor's own interface for scripts", async () => {
      const { page, requests } = await openPage()
      await init(page, { api_server_v3: ['api.geetest.com', 'api.geevisit.com'], offline: true })
      expect(requests.filter((url) => url.includes(SLIDE)).map((url) => new URL(url).host)).toEqual([
        'static.geetest.com',
        'dn-staticdown.qbox.me',
      ])
    })

    it('uses the fallback_config of the page where there is one', async () => {
      const { page } = await openPage()
      const own = await host({ '/mine.js': widget('mine') })
      const mine = { type: 'slide', slide: '/mine.js', static_servers: [own.name] }
      expect(await init(page, { offline: true, fallback_config: { slide: mine } })).toMatchObject({ name: 'mine' })
    })

    it('hands its own on to the widget, under the vendor’s name', async () => {
      const { page } = await openPage()
      const { name } = await cloud()
      const { config } = await init(page, { api_server: name })
      expect(config?.fallback_config).toMatchObject({ slide: { type: 'slide' }, fullpage: { type: 'fullpage' } })
    })

    it('lets the vendor’s own host say what breaks in its scripts, and no other', async () => {
      const { page } = await openPage()
      const { name } = await cloud({ static_servers: ['static.geetest.com', 'other.invalid'] })
      await init(page, { api_server: name })
      expect(
        await page.$$eval('script[src$="w.js"]', (scripts) =>
          scripts.map((script) => (script as unknown as { crossOrigin: string | null }).crossOrigin),
        ),
      ).toEqual(['anonymous', null])
    })
  })

  describe('late answers', () => {
    it('of gettype.php find a function to call and change nothing', async () => {
      const { page, exceptions } = await openPage()
      const late = held(jsonp({ status: 'success', data: { type: 'slide', slide: '/x.js', static_servers: [] } }))
      const own = await host({ '/gettype.php': late, [FULLPAGE]: widget('stand-in') })
      const made = init(page, { api_server: own.name, new_captcha: true })
      await until(() => own.asked.length > 0)
      await passTime(page)
      await made
      const arrived = page.waitForResponse(/gettype/)
      late.release()
      await (await arrived).finished()
      await page.waitForFunction('!Object.keys(window).some(function (key) { return /^geetest_/.test(key) })')
      expect([exceptions, await page.evaluate('callbacks')]).toEqual([[], 1])
    })

    it('are still taken while the next host hangs', async () => {
      const { page } = await openPage()
      const late = held(widget('slow'))
      const slow = await host({ '/w.js': late })
      const hanging = await host({
        '/w.js': () => late.release(),
      })
      const own = await cloud({ static_servers: [slow.name, hanging.name] })
      const made = init(page, { api_server: own.name })
      await until(() => slow.asked.length > 0)
      await passTime(page)
      expect(await made).toMatchObject({ name: 'slow' })
    })
  })

  describe('several captchas', () => {
    it('share one script', async () => {
      const { page } = await openPage()
      const own = await cloud()
      await Promise.all([1, 2, 3].map(() => init(page, { api_server: own.name })))
      expect(own.asked.filter((path) => path === '/w.js')).toHaveLength(1)
    })

    it('wait for a script that is on its way, and are all served', async () => {
      const { page } = await openPage()
      const slow = held(widget())
      const own = await cloud()
      own.serve({ '/w.js': slow })
      const all = [1, 2, 3].map(() => init(page, { api_server: own.name }))
      await until(() => own.asked.filter((path) => path === '/gettype.php').length === 3)
      await until(() => own.asked.includes('/w.js'))
      slow.release()
      expect((await Promise.all(all)).map(({ name }) => name)).toEqual(['widget', 'widget', 'widget'])
    })

    it('keep going when the callback of one throws', async () => {
      const { page, exceptions } = await openPage()
      const own = await cloud()
      const config = JSON.stringify({ gt: GT, challenge: CHALLENGE, api_server: own.name })
      await page.evaluate(`initGeetest(${config}, function () { throw new Error('of the page') })`)
      await init(page, { api_server: own.name })
      await until(() => exceptions.length > 0)
      expect(exceptions).toEqual(['of the page'])
    })

    it('fail at once, without a request, after the script could not be had', async () => {
      const { page, requests } = await openPage()
      await init(page, { offline: true })
      const before = requests.length
      const { error } = await init(page, { offline: true })
      expect([error?.code, requests.length]).toEqual(['error_111', before])
    })
  })

  describe('errors', () => {
    it('arrive as the documented object when no host has the script', async () => {
      const { page } = await openPage()
      expect((await init(page, { offline: true })).error).toEqual({
        code: 'error_111',
        error_code: 'error_111',
        msg: expect.stringContaining('could not be loaded'),
        user_error: '网络错误，请重试',
      })
    })

    it('speak English where the page does', async () => {
      const { page } = await openPage()
      expect((await init(page, { offline: true, lang: 'en' })).error).toMatchObject({
        user_error: 'Network failure, please try again',
      })
    })

    it.each([
      ['gt is missing', { gt: undefined }, 'error_114'],
      ['challenge is missing', { challenge: undefined }, 'error_114'],
      ['gt is not a string', { gt: 7 }, 'error_103'],
    ])('say at once that %s', async (_what, config, code) => {
      const { page } = await openPage()
      expect((await init(page, config)).error).toMatchObject({ code })
    })

    it('are thrown where the page has no onError', async () => {
      const { page, exceptions } = await openPage()
      await page.evaluate(`initGeetest({ gt: '${GT}', challenge: '${CHALLENGE}', offline: true }, function () {})`)
      await until(() => exceptions.length > 0)
      expect(exceptions[0]).toContain('error_111')
    })

    it('leave no page waiting, even if every host hangs', async () => {
      const { page } = await openPage()
      const dead = await host({ '/gettype.php': hang, [SLIDE]: hang })
      const end = await passTimeUntil(page, init(page, { api_server: dead.name }))
      expect(end.error).toMatchObject({ code: 'error_111' })
    })
  })

  describe('getType and getLib', () => {
    it('merge getType into the configuration before the first call', async () => {
      const { page } = await openPage()
      const own = await cloud()
      expect((await init(page, { getType: { api_server: own.name, odd: 2 } })).config).toMatchObject({ odd: 2 })
    })

    it('load what getLib names without asking for the type', async () => {
      const { page } = await openPage()
      const own = await host({ '/lib.js': widget('lib') })
      await init(page, { getLib: { type: 'slide', slide: '/lib.js', static_servers: [own.name] } })
      expect(own.asked).toEqual(['/lib.js'])
    })
  })

  it('uses a widget that the page has brought along for the slide type', async () => {
    const { page, requests } = await open()
    site.serve({ '/own': html(`<script>window.Geetest = function (config) { this.name = 'brought' }</script>${PAGE}`) })
    await page.goto(`${site.origin}/own`)
    expect(await init(page, { offline: true })).toMatchObject({ name: 'brought' })
    expect(requests.filter((url) => url.includes(SLIDE))).toEqual([])
  })

  it('works under a Content-Security-Policy that names the hosts and nothing else', async () => {
    const { page, exceptions } = await open()
    const own = await cloud()
    site.serve({ '/': html(PAGE, { 'Content-Security-Policy': `default-src 'self'; script-src 'self' ${own.name}` }) })
    await page.goto(site.origin)
    expect(await init(page, { api_server: own.name })).toMatchObject({ name: 'widget' })
    expect(exceptions).toEqual([])
  })

  it('reports to nobody', async () => {
    const { page, requests } = await openPage()
    const own = await cloud()
    await init(page, { api_server: own.name })
    await init(page, { offline: true })
    expect(requests.filter((url) => url.includes('monitor'))).toEqual([])
  })
})
