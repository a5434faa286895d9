import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { built, checkES5, read } from './support/bundles'
import { describeInChromium, type Tab } from './support/chromium'
import { hang, held, hostsForEachTest, html, jsonp, refuse, script, status, type Host } from './support/host'
import { passTime, passTimeUntil, standStill } from './support/still'
import { until } from './support/until'

const file = built.loader4
const ID = '0123456789abcdef0123456789abcdef'
const PAGE = '<!doctype html><title>page</title><script src="/gt4.js"></script>'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/

/** A stand-in for the widget that keeps what it was made with. */
const widget = (name = 'widget') =>
  script(`window.Geetest4 = function (config) { this.config = config; this.name = '${name}' }`)

interface Outcome {
  readonly name?: string
  readonly config?: Record<string, unknown>
  readonly error?: Record<string, unknown>
  readonly offline?: true
}

/** Calls `initGeetest4` in the page; settles with the captcha or the error, and counts every callback. */
function init(page: Page, config: object, more = ''): Promise<Outcome> {
  return page.evaluate<Outcome>(`new Promise(function (resolve) {
    var config = ${JSON.stringify({ captchaId: ID, ...config })}
    config.onError = function (error) { window.errors = (window.errors || 0) + 1; resolve({ error: error }) }
    ${more}
    initGeetest4(config, function (captcha) {
      window.callbacks = (window.callbacks || 0) + 1
      resolve(JSON.parse(JSON.stringify(captcha)))
    })
  })`)
}

describe('what is built for pages of version 4', () => {
  it.each([
    ['the loader', built.loader4],
    ['its other half', built.offline4],
    ['its part for forms', built.form4],
    ['the widget of the simulator', built.widget4],
  ])('%s is ES5', (_what, bundle) => {
    expect(() => checkES5(bundle)).not.toThrow()
  })

  it.each([
    ['gt4.js', file, 3100],
    ['gt4-offline.js', built.offline4, 3000],
    ['gt4-form.js', built.form4, 2200],
  ])('%s weighs no more than promised, minified and gzipped', (_name, bundle, most) => {
    expect(gzipSync(read(bundle), { level: 9 }).length).toBeLessThanOrEqual(most)
  })
})

describeInChromium('the loader of version 4', (open) => {
  const host = hostsForEachTest()
  let site: Host

  /** A host that answers /load with a widget of its own. */
  async function cloud(more: object = {}, name?: string): Promise<Host> {
    const started = await host({ '/v4/js/w.js': widget(name) })
    const data = { static_servers: [started.name], static_path: '/v4', js: '/js/w.js', type: 'slide', ...more }
    started.serve({ '/load': jsonp({ status: 'success', data }) })
    return started
  }

  /** A page whose time is passed by the test alone. */
  async function openPage(options?: Parameters<typeof open>[0]): Promise<Tab> {
    const tab = await open(options)
    await standStill(tab.page)
    await tab.page.goto(site.origin)
    return tab
  }

  /** What the loader asks for first. */
  async function firstCall(config: object, options?: Parameters<typeof open>[0], more?: string): Promise<URL> {
    const { page } = await openPage(options)
    const call = page.waitForRequest(/\/load/)
    void init(page, { apiServers: ['cloud.invalid'], ...config }, more).catch(() => {})
    return new URL((await call).url())
  }

  beforeEach(async () => {
    site = await host({ '/': html(PAGE), '/gt4.js': script(read(file)) })
  })

  it('hands over a widget with what the page and the cloud have said, in camel case', async () => {
    const { page } = await openPage()
    const { name } = await cloud({ lot_number: 'l', nested: { a_b: [{ c_d: 1 }] }, _odd: 2 })
    const { config } = await init(page, { apiServers: [name], product: 'popup' })
    expect(config).toMatchObject({
      captchaId: ID,
      product: 'popup',
      lotNumber: 'l',
      nested: { aB: [{ cD: 1 }] },
      _odd: 2,
    })
  })

  it('hands over what the cloud has said before what the page has, and what it says for tests before both', async () => {
    const { page } = await openPage()
    const said = { language: 'eng', logo: false, captcha_type: 'match', payload: 'p', custom_theme: { _style: 's' } }
    const { name } = await cloud(said)
    const own = { language: 'zho', logo: true, captchaType: 'slide', payload: 'x', customTheme: {} }
    const { config } = await init(page, { apiServers: [name], ...own, debug: { payload: 'of the page' } })
    expect(config).toMatchObject({
      language: 'eng',
      logo: false,
      captchaType: 'match',
      payload: 'of the page',
      customTheme: { _style: 's' },
      staticServers: [name],
    })
  })

  it('keeps the name that it gives to a visit from the widget, as the vendor’s does, and hands over the page’s own', async () => {
    const { page } = await openPage()
    const { name } = await cloud()
    const { config } = await init(page, { apiServers: [name] })
    expect(config).not.toHaveProperty('challenge')
    expect((await init(page, { apiServers: [name], challenge: 'mine' })).config).toMatchObject({ challenge: 'mine' })
  })

  it('loads the script by which the cloud lets everybody through, where it says so', async () => {
    const { page } = await openPage()
    const own = await cloud({ bypass: '/v4/bypass.js' })
    own.serve({ '/v4/bypass.js': widget('bypass') })
    expect(await init(page, { apiServers: [own.name] })).toMatchObject({ name: 'bypass' })
  })

  it('lets the vendor’s own host say what breaks in its scripts, and no other', async () => {
    const { page } = await openPage()
    const own = await cloud({ static_servers: ['static.geetest.com', 'other.invalid'] })
    await init(page, { apiServers: [own.name] })
    expect(
      await page.$$eval('script[src$="w.js"]', (scripts) =>
        scripts.map((script) => (script as unknown as { crossOrigin: string | null }).crossOrigin),
      ),
    ).toEqual(['anonymous', null])
  })

  it('leaves no global behind but the official ones', async () => {
    const { page } = await open()
    await page.goto(`${site.origin}/none`)
    const before = await page.evaluate<string[]>('Object.getOwnPropertyNames(window)')
    await page.goto(site.origin)
    const { name } = await cloud()
    await init(page, { apiServers: [name] })
    const after = await page.evaluate<string[]>('Object.getOwnPropertyNames(window)')
    const added = after.filter((global) => ![...before, 'callbacks', 'geetestScriptURL'].includes(global)).toSorted()
    expect(added).toEqual(['Geetest4', 'initGeetest4'])
  })

  describe('asks /load', () => {
    it('for the captcha id, under a name of its own for each visit', async () => {
      const { searchParams } = await firstCall({})
      expect(Object.fromEntries(searchParams)).toEqual({
        captcha_id: ID,
        challenge: expect.stringMatching(UUID),
        client_type: 'web',
        lang: 'en-us',
        callback: expect.stringMatching(/^geetest_\d+$/),
      })
    })

    it('with what the page says', async () => {
      const { searchParams } = await firstCall({
        challenge: 'mine',
        riskType: 'slide',
        userInfo: 'a&b',
        callType: 'c',
        language: 'eng',
      })
      expect(Object.fromEntries(searchParams)).toMatchObject({
        challenge: 'mine',
        risk_type: 'slide',
        user_info: 'a&b',
        call_type: 'c',
        lang: 'eng',
      })
    })

    it('with nothing but texts, numbers and booleans', async () => {
      const more = 'config.userInfo = { name: 1 }; config.callType = undefined'
      const { searchParams } = await firstCall({ riskType: null, challenge: 'c' }, {}, more)
      expect([...searchParams.keys()]).toEqual(['captcha_id', 'challenge', 'client_type', 'lang', 'callback'])
    })

    it('as what the page says that it is', async () => {
      const { searchParams } = await firstCall({ clientType: 'h5' })
      expect(searchParams.get('client_type')).toBe('h5')
    })

    it('as h5 on a phone', async () => {
      const { searchParams } = await firstCall({}, { userAgent: 'Some Mobile Browser' })
      expect(searchParams.get('client_type')).toBe('h5')
    })

    it('of the vendor, by the scheme of the page, unless it says otherwise', async () => {
      const { page, requests } = await openPage()
      await init(page, { apiServers: undefined })
      expect(requests.filter((url) => url.includes('/load')).map((url) => new URL(url).origin)).toEqual(
        ['geetest', 'geevisit', 'gsensebot'].map((vendor) => `http://gcaptcha4.${vendor}.com`),
      )
    })

    it.each([
      [{ https: true, protocol: 'http://' }, 'https:'],
      [{ protocol: 'https://' }, 'https:'],
      [{}, 'http:'],
    ])('by the scheme that %j asks for', async (config, scheme) => {
      expect((await firstCall(config)).protocol).toBe(scheme)
    })

    it('with what getType adds', async () => {
      const { page } = await openPage()
      const { name } = await cloud({}, 'mine')
      expect(await init(page, { getType: { apiServers: [name] } })).toMatchObject({ name: 'mine' })
    })
  })

  describe('hosts', () => {
    it.each([
      ['refuses', refuse],
      ['answers 500', status(500)],
      ['hangs', hang],
      ['answers with something else', html('<h1>Welcome to the hotel</h1>')],
    ])('are passed over when one %s', async (_how, fault) => {
      const { page } = await openPage()
      const bad = await host({ '/load': fault })
      const good = await cloud({}, 'second')
      const made = init(page, { apiServers: [bad.name, good.name] })
      await until(() => bad.asked.length > 0)
      if (fault === hang) await passTime(page)
      expect(await made).toMatchObject({ name: 'second' })
    })

    it('are passed over where the script cannot be had', async () => {
      const { page } = await openPage()
      const bad = await host({ '/v4/js/w.js': html('<h1>Welcome to the hotel</h1>') })
      const good = await host({ '/v4/js/w.js': widget('second') })
      const own = await cloud({ static_servers: [bad.name, good.name] })
      expect(await init(page, { apiServers: [own.name] })).toMatchObject({ name: 'second' })
    })

    it('of scripts are the page’s own before those that the cloud names', async () => {
      const { page } = await openPage()
      const mine = await host({ '/v4/js/w.js': widget('mine') })
      const own = await cloud()
      expect(await init(page, { apiServers: [own.name], staticServers: [mine.name] })).toMatchObject({ name: 'mine' })
    })

    it('of scripts are the vendor’s where nobody names any', async () => {
      const { page, requests } = await openPage()
      const own = await cloud({ static_servers: undefined })
      await init(page, { apiServers: [own.name] })
      expect(requests.filter((url) => url.endsWith('w.js')).map((url) => new URL(url).host)).toEqual([
        'static.geetest.com',
        'static.geevisit.com',
        'dn-staticdown.qbox.me',
      ])
    })

    it('that answer late find a function to call, and change nothing', async () => {
      const { page, exceptions } = await openPage()
      const late = held(jsonp({ status: 'success', data: {} }))
      const slow = await host({ '/load': late })
      const good = await cloud()
      const made = init(page, { apiServers: [slow.name, good.name] })
      await until(() => slow.asked.length > 0)
      await passTime(page)
      await made
      late.release()
      await page.waitForFunction('!Object.keys(window).some(function (key) { return /^geetest_/.test(key) })')
      expect([exceptions, await page.evaluate('callbacks')]).toEqual([[], 1])
    })
  })

  describe('several captchas', () => {
    it('wait for a script that is on its way, load it once, and are all served', async () => {
      const { page } = await openPage()
      const slow = held(widget())
      const own = await cloud()
      own.serve({ '/v4/js/w.js': slow })
      const all = [1, 2, 3].map(() => init(page, { apiServers: [own.name] }))
      await until(() => own.asked.filter((path) => path === '/load').length === 3)
      await until(() => own.asked.includes('/v4/js/w.js'))
      slow.release()
      expect((await Promise.all(all)).map(({ name }) => name)).toEqual(['widget', 'widget', 'widget'])
      expect(own.asked.filter((path) => path === '/v4/js/w.js')).toHaveLength(1)
    })

    it('keep going when the callback of one throws', async () => {
      const { page, exceptions } = await openPage()
      const { name } = await cloud()
      const config = JSON.stringify({ captchaId: ID, apiServers: [name] })
      await page.evaluate(`initGeetest4(${config}, function () { throw new Error('of the page') })`)
      await init(page, { apiServers: [name] })
      await until(() => exceptions.length > 0)
      expect(exceptions).toEqual(['of the page'])
    })

    it('fail at once, and ask for the script no more, after it could not be had', async () => {
      const { page } = await openPage()
      const own = await cloud({ js: '/none.js' })
      await init(page, { apiServers: [own.name] })
      const { error } = await init(page, { apiServers: [own.name] })
      expect(error).toMatchObject({ code: '60204' })
      expect(own.asked.filter((path) => path === '/v4/none.js')).toHaveLength(1)
    })
  })

  describe('the second script of the vendor', () => {
    it('is loaded beside the widget, once', async () => {
      const { page } = await openPage()
      const own = await cloud({ gct_path: '/v4/gct.js' })
      own.serve({ '/v4/gct.js': script('window.gct = (window.gct || 0) + 1') })
      await init(page, { apiServers: [own.name] })
      await page.waitForFunction('window.gct')
      await init(page, { apiServers: [own.name] })
      expect(own.asked.filter((path) => path === '/v4/gct.js')).toHaveLength(1)
    })

    it('is missed aloud, and the captcha comes all the same', async () => {
      const { page } = await openPage()
      const own = await cloud({ gct_path: '/v4/gct.js' })
      const config = JSON.stringify({ captchaId: ID, apiServers: [own.name] })
      await page.evaluate(`window.codes = []; config = ${config}
        config.onError = function (error) { codes.push(error.code) }
        initGeetest4(config, function () { codes.push('made') })`)
      await page.waitForFunction('codes.length === 2')
      expect((await page.evaluate<string[]>('codes')).toSorted()).toEqual(['60205', 'made'])
    })
  })

  describe('errors', () => {
    it('of the cloud arrive as it tells them, and no other host is asked', async () => {
      const { page } = await openPage()
      const error = { status: 'error', code: '-50103', msg: 'not a captcha id', desc: { type: 'defined error' } }
      const own = await host({ '/load': jsonp(error) })
      const other = await cloud()
      expect((await init(page, { apiServers: [own.name, other.name] })).error).toEqual({
        code: '-50103',
        msg: 'not a captcha id',
        desc: { type: 'defined error' },
      })
      expect(other.asked).toEqual([])
    })

    it('say at once that there is no captcha id', async () => {
      const { page, requests } = await openPage()
      const before = requests.length
      const { error } = await init(page, { captchaId: undefined })
      expect([error?.code, requests.length]).toEqual(['60001', before])
    })

    it('have words for people in msg, and those for developers in desc.detail', async () => {
      const { page } = await openPage()
      const { error } = await init(page, { captchaId: undefined })
      expect(error).toEqual({
        code: '60001',
        msg: expect.stringMatching(/^Configuration error/),
        desc: { detail: 'captchaId is missing' },
      })
    })

    it.each([
      ['is silent, and so is the site: the line is slow', hang, { msg: 'The network is slow', slow: true }],
      ['is dead', refuse, { msg: 'Network failure' }],
    ])('are handed to offlineCb, where the only host %s', async (_how, fault, words) => {
      const { page } = await openPage()
      const only = await host({ '/load': fault })
      site.serve({ '/gt4.js': hang })
      const more = 'config.offlineCb = function (error) { resolve({ error: error }) }'
      const told = init(page, { apiServers: [only.name] }, more)
      await until(() => only.asked.length > 0)
      expect(await passTimeUntil(page, told)).toEqual({
        error: { code: '60100', desc: { detail: 'load request timeout' }, ...words },
      })
    })

    it('say that the script cannot be had', async () => {
      const { page } = await openPage()
      const own = await cloud({ js: '/none.js' })
      expect((await init(page, { apiServers: [own.name] })).error).toEqual({
        code: '60204',
        msg: 'Network failure',
        desc: { detail: 'js resource load timeout' },
      })
    })

    it('say that no host answers, where the site has nothing to say either', async () => {
      const { page } = await openPage()
      expect((await init(page, { apiServers: ['cloud.invalid'] })).error).toMatchObject({ code: '60100' })
    })

    it('are thrown where the page has no onError', async () => {
      const { page, exceptions } = await openPage()
      await page.evaluate(`initGeetest4({ captchaId: '${ID}', apiServers: ['cloud.invalid'] }, function () {})`)
      await until(() => exceptions.length > 0)
      expect(exceptions[0]).toContain('60100')
    })

    it('leave no page waiting, even if every host hangs', async () => {
      const { page } = await openPage()
      const dead = await host({ '/load': hang })
      const end = await passTimeUntil(page, init(page, { apiServers: [dead.name] }))
      expect(end.error).toMatchObject({ code: '60100' })
    })
  })

  it('leaves an outage to the page that has an offlineCb, and asks nobody', async () => {
    const { page } = await openPage()
    const more = 'config.offlineCb = function () { resolve({ offline: true }) }'
    expect(await init(page, { apiServers: ['cloud.invalid'] }, more)).toEqual({ offline: true })
    expect(site.asked).not.toContain('/gt4-offline.js')
  })

  it('works under a Content-Security-Policy that names the hosts and nothing else', async () => {
    const { page, exceptions } = await open()
    const own = await cloud()
    site.serve({ '/': html(PAGE, { 'Content-Security-Policy': `default-src 'self'; script-src 'self' ${own.name}` }) })
    await page.goto(site.origin)
    expect(await init(page, { apiServers: [own.name] })).toMatchObject({ name: 'widget' })
    expect(exceptions).toEqual([])
  })
})
