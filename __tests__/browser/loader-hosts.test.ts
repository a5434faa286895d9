import type { Page, Response } from 'playwright-core'
import { built, read } from './support/bundles'
import { describeInChromium, type Tab } from './support/chromium'
import { hang, held, hostsForEachTest, html, jsonp, refuse, script, type Host, type Route } from './support/host'
import { until } from './support/until'

const loader = read(built.loader)
const PAGE = '<!doctype html><title>page</title><script src="/gt.js"></script>'
/** Milliseconds of silence after which the next host is asked. */
const [HEDGE, SCRIPT_HEDGE] = [500, 900]

const widget = (name: string) =>
  script(`window.Geetest = function () { this.name = '${name}' }; window.ran = '${name}'`)

describeInChromium('the loader, where the first host', (open) => {
  const host = hostsForEachTest()
  let site: Host

  /** A page whose clock stands still until it is moved. */
  async function openPage(): Promise<Tab> {
    const tab = await open()
    await tab.page.clock.install({ time: 1_700_000_000_000 })
    await tab.page.goto(site.origin)
    await tab.page.clock.pauseAt(1_700_000_100_000)
    return tab
  }

  /** Begins; what came of it stands in `window.made` and `window.failed`. */
  const begin = (page: Page, config: object): Promise<void> =>
    page.evaluate(`window.made = []; window.failed = []
      initGeetest(Object.assign(${JSON.stringify(config)}, {
        gt: '0123456789abcdef0123456789abcdef', challenge: 'fedcba9876543210fedcba9876543210',
        onError: function (error) { window.failed.push(error.code) },
      }), function (captcha) { window.made.push(captcha.name) })`)

  /** What was made, once there is something. The page's own turns pass, and nothing else. */
  async function made(page: Page): Promise<unknown> {
    for (let tries = 0; tries < 1000; tries++) {
      await page.clock.runFor(0)
      if (await page.evaluate('window.made.length + window.failed.length > 0')) break
    }
    return page.evaluate('window.made.concat(window.failed)')
  }

  const typeOf = (...servers: Host[]) => ({
    type: 'fullpage',
    fullpage: '/w.js',
    static_servers: servers.map(({ name }) => name),
  })
  const gettype = (...servers: Host[]) => jsonp({ status: 'success', data: typeOf(...servers) })

  /** Two hosts that both have the script; the first does what it should with it only in its own way. */
  async function scripts(first: Route): Promise<[Host, Host]> {
    return [await host({ '/w.js': first }), await host({ '/w.js': widget('second') })]
  }

  /** Two hosts that both tell the type. */
  async function types(first: Route): Promise<[Host, Host]> {
    const third = await host({ '/w.js': widget('theirs') })
    return [await host({ '/gettype.php': first }), await host({ '/gettype.php': gettype(third) })]
  }

  const asked = ({ asked: paths }: Host, path: string) => paths.filter((one) => one === path).length

  beforeEach(async () => {
    site = await host({ '/': html(PAGE), '/gt.js': script(loader) })
  })

  describe('is dead', () => {
    it('asks the next one for the type at once', async () => {
      const { page } = await openPage()
      const [first, second] = await types(refuse)
      await begin(page, { api_server_v3: [first.name, second.name] })
      expect(await made(page)).toEqual(['theirs'])
    })

    it('asks the next one for the script at once', async () => {
      const { page } = await openPage()
      const [first, second] = await scripts(refuse)
      await begin(page, { getLib: typeOf(first, second) })
      expect(await made(page)).toEqual(['second'])
    })

    it('does so too where there is nobody at its address', async () => {
      const { page } = await openPage()
      const [first, second] = await scripts(hang)
      await first.stop()
      await begin(page, { getLib: typeOf(first, second) })
      expect(await made(page)).toEqual(['second'])
    })
  })

  describe('hangs', () => {
    it('asks the next one for the type after half a second, and not before', async () => {
      const { page } = await openPage()
      const [first, second] = await types(hang)
      await begin(page, { api_server_v3: [first.name, second.name] })
      await until(() => asked(first, '/gettype.php') === 1)
      await page.clock.runFor(HEDGE - 1)
      expect(await page.evaluate('document.scripts.length')).toBe(2)
      await page.clock.runFor(1)
      expect(await made(page)).toEqual(['theirs'])
    })

    it('asks the next one for the script after less than a second, and not at once', async () => {
      const { page } = await openPage()
      const [first, second] = await scripts(hang)
      await begin(page, { getLib: typeOf(first, second) })
      await until(() => asked(first, '/w.js') === 1)
      await page.clock.runFor(SCRIPT_HEDGE - 1)
      expect(await page.evaluate('document.scripts.length')).toBe(2)
      await page.clock.runFor(1)
      expect(await made(page)).toEqual(['second'])
    })

    it('loses less than a second and a half where those of both kinds hang', async () => {
      expect(HEDGE + SCRIPT_HEDGE).toBeLessThan(1500)
      const { page } = await openPage()
      const [api] = await types(hang)
      const [first, second] = await scripts(hang)
      const other = await host({ '/gettype.php': gettype(first, second) })
      await begin(page, { api_server_v3: [api.name, other.name] })
      await page.clock.runFor(HEDGE)
      await until(() => asked(first, '/w.js') === 1)
      await page.clock.runFor(SCRIPT_HEDGE)
      expect(await made(page)).toEqual(['second'])
    })

    it('gives up when the last one has hung for its time, too', async () => {
      const { page } = await openPage()
      const [first, last] = [await host({ '/w.js': hang }), await host({ '/w.js': hang })]
      await begin(page, { getLib: typeOf(first, last) })
      await page.clock.runFor(SCRIPT_HEDGE)
      await until(() => last.asked.length > 0)
      await page.clock.runFor(2999)
      expect(await page.evaluate('window.failed')).toEqual([])
      // The page is told in a turn of its own, which this clock counts as a millisecond.
      await page.clock.runFor(2)
      expect(await made(page)).toEqual(['error_111'])
    })

    it('asks the third at once where the second is dead', async () => {
      const { page } = await openPage()
      const [first, third] = await scripts(hang)
      const dead = await host({ '/w.js': refuse })
      await begin(page, { getLib: typeOf(first, dead, third) })
      await page.clock.runFor(SCRIPT_HEDGE)
      expect(await made(page)).toEqual(['second'])
    })
  })

  describe('is slow, but alive', () => {
    /** The beginning of a script at once, and its end when it is released; counts whole scripts that were asked for. */
    function trickling(name: string) {
      const ends: Array<() => void> = []
      const route: Route = (response, _query, request) => {
        if (request.method === 'GET') result.begun++
        response.writeHead(200, { 'Content-Type': 'text/javascript' }).write(' '.repeat(2000))
        ends.push(() => response.end(`window.Geetest = function () { this.name = '${name}' }`))
      }
      const result = { route, begun: 0, release: () => ends.splice(0).forEach((end) => end()) }
      return result
    }

    /** Passes time in steps, so that what hosts say in between is heard. */
    async function pass(page: Page, seconds: number): Promise<void> {
      for (let i = 0; i < seconds; i++) {
        await page.clock.runFor(1000)
        await page.evaluate(`fetch('/seen', { cache: 'no-store' })`)
      }
    }

    /** A host whose script is asked about and answers that, and is held back itself. */
    function talking(name: string) {
      const slow = held(widget(name))
      const heads: string[] = []
      const route: Route = (response, query, request) => {
        if (request.method === 'HEAD') heads.push(request.url ?? '')
        if (request.method === 'HEAD') response.writeHead(200).end()
        else slow(response, query, request)
      }
      return { route, heads, release: slow.release }
    }

    it('is asked once, and is the only one', async () => {
      const { page } = await openPage()
      const first = talking('slow')
      const [one, second] = await scripts(first.route)
      await begin(page, { getLib: typeOf(one, second) })
      await page.clock.runFor(SCRIPT_HEDGE)
      await until(() => first.heads.length === 1)
      await pass(page, 20)
      expect([asked(one, '/w.js'), second.asked]).toEqual([2, []])
      first.release()
      expect(await made(page)).toEqual(['slow'])
    })

    it('is known by the first bytes of its script where it answers nothing else', async () => {
      const { page } = await openPage()
      const first = trickling('slow')
      const [one, second] = await scripts(first.route)
      await begin(page, { getLib: typeOf(one, second) })
      await until(() => first.begun === 1)
      await page.clock.runFor(SCRIPT_HEDGE)
      await until(() => first.begun === 2)
      await pass(page, 20)
      expect(second.asked).toEqual([])
      first.release()
      expect(await made(page)).toEqual(['slow'])
    })

    it('is waited for where the whole line is slow: nothing answers, not even the site', async () => {
      const { page } = await openPage()
      const slow = held(widget('slow'))
      const [one, second] = await scripts(slow)
      const line = held(script(loader))
      site.serve({ '/gt.js': line })
      await begin(page, { getLib: typeOf(one, second) })
      await pass(page, 20)
      expect(second.asked).toEqual([])
      slow.release()
      expect(await made(page)).toEqual(['slow'])
    })

    it('is waited for where it tells the type, too', async () => {
      const { page } = await openPage()
      const third = await host({ '/w.js': widget('theirs') })
      const slow = held(gettype(third))
      const [one, second] = await types(slow)
      site.serve({ '/gt.js': held(script(loader)) })
      await begin(page, { api_server_v3: [one.name, second.name] })
      await pass(page, 20)
      expect(second.asked).toEqual([])
      slow.release()
      expect(await made(page)).toEqual(['theirs'])
    })

    it('has its time from its sign of life, and then the next is asked', async () => {
      const { page } = await openPage()
      const first = talking('slow')
      const [one, second] = await scripts(first.route)
      await begin(page, { getLib: typeOf(one, second) })
      await page.clock.runFor(SCRIPT_HEDGE)
      await until(() => first.heads.length === 1)
      await pass(page, 29)
      expect(second.asked).toEqual([])
      await page.clock.runFor(2000)
      expect(await made(page)).toEqual(['second'])
    })

    it('is called slow where it is too slow, and is asked again by the next captcha', async () => {
      const { page } = await openPage()
      const only = talking('slow')
      const one = await host({ '/w.js': only.route })
      await begin(page, { getLib: typeOf(one), lang: 'en' })
      await page.evaluate('window.errors = []')
      await page.evaluate(`initGeetest({ gt: 'x', challenge: 'y', lang: 'en', getLib: ${JSON.stringify(typeOf(one))},
        onError: function (error) { errors.push(error) } }, function () {})`)
      await page.clock.runFor(3000)
      await until(() => only.heads.length > 0)
      await pass(page, 31)
      expect(await page.evaluate('window.errors')).toEqual([
        {
          code: 'error_111',
          error_code: 'error_111',
          msg: 'the script of the captcha did not arrive in time',
          user_error: 'The network is slow, please try again',
          slow: true,
        },
      ])
      one.serve({ '/w.js': widget('quick') })
      // A browser that is still downloading a file asks for it no second time.
      only.release()
      await begin(page, { getLib: typeOf(one) })
      expect(await made(page)).toEqual(['quick'])
    })

    it('is passed over as before where no policy allows to ask for a sign', async () => {
      const slow = held(widget('slow'))
      const [one, second] = await scripts(slow)
      const policy = `default-src 'self'; script-src 'self' ${one.name} ${second.name}`
      site.serve({ '/': html(PAGE, { 'Content-Security-Policy': policy }) })
      const { page } = await openPage()
      await begin(page, { getLib: typeOf(one, second) })
      await page.clock.runFor(SCRIPT_HEDGE)
      expect(await made(page)).toEqual(['second'])
    })
  })

  describe('is slow', () => {
    it('is still waited for where all others are dead', async () => {
      const { page } = await openPage()
      const slow = held(widget('slow'))
      const [first, dead] = [await host({ '/w.js': slow }), await host({ '/w.js': refuse })]
      await begin(page, { getLib: typeOf(first, dead) })
      await page.clock.runFor(SCRIPT_HEDGE)
      await until(() => asked(dead, '/w.js') > 0)
      await page.clock.runFor(2000)
      slow.release()
      expect(await made(page)).toEqual(['slow'])
    })

    it('does not run its script any more after another one has won', async () => {
      const { page, exceptions } = await openPage()
      const slow = held(widget('slow'))
      const [first, second] = await scripts(slow)
      await begin(page, { getLib: typeOf(first, second) })
      await page.clock.runFor(SCRIPT_HEDGE)
      expect(await made(page)).toEqual(['second'])
      const isScript = (response: Response) =>
        response.url().includes(first.name) && response.request().resourceType() === 'script'
      const arrived = page.waitForResponse(isScript)
      slow.release()
      await (await arrived).finished()
      // Whatever would have run by now has.
      await page.addScriptTag({ content: 'window.after = true' })
      await page.addScriptTag({ url: `${site.origin}/gt.js?again` })
      expect([await page.evaluate('[window.ran, window.made, window.failed]'), exceptions]).toEqual([
        ['second', ['second'], []],
        [],
      ])
    })

    it('finds a function for its late type, which then is gone and has changed nothing', async () => {
      const { page, exceptions } = await openPage()
      const unwanted = await host({ '/w.js': widget('unwanted') })
      const slow = held(gettype(unwanted))
      const [first, second] = await types(slow)
      await begin(page, { api_server_v3: [first.name, second.name] })
      await page.clock.runFor(HEDGE)
      expect(await made(page)).toEqual(['theirs'])
      slow.release()
      await page.waitForFunction('!Object.keys(window).some(function (key) { return /^geetest_/.test(key) })')
      expect([exceptions, await page.evaluate('window.made'), unwanted.asked]).toEqual([[], ['theirs'], []])
    })
  })
})
