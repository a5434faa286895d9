import type { Page } from 'playwright-core'
import { complaints } from './support/captcha'
import { describeInChromium } from './support/chromium'
import { form, line, login, pageOf, reach, solve, solveByKeys } from './support/form-page'
import { said, setForms, welcome } from './support/form-stage'

/** Keeps the events of the form in `window.events`, as names and details. */
const LISTEN = `window.events = []
  ;['ready', 'success', 'fail', 'error', 'close'].forEach(function (name) {
    document.addEventListener('geetest:' + name, function (event) {
      events.push(name)
      document.documentElement.setAttribute('data-heard', name)
      window.detail = event.detail
    })
  })`

describeInChromium('the page around a form with data-geetest', (open) => {
  const stage = setForms(open)
  const { visit, openAt, show, logIn } = stage
  const bind = { attributes: 'data-product="bind"' }

  /** A page whose form could not be given a captcha, because of what was done to it. */
  async function broken(prepare: (page: Page) => Promise<unknown>, lang = 'en'): Promise<Page> {
    const { page } = await open()
    await prepare(page)
    await show(page, pageOf(form(), { lang }))
    await reach(page, 'error')
    return page
  }

  describe('says why there is no captcha, and takes one at the next attempt, where', () => {
    const BLOCKED = 'The captcha cannot load, blocked by the network or an extension? Try again'

    it.each([
      ['the loader is blocked', '**/gt.js', BLOCKED],
      ['the challenge is blocked', '**/getcaptcha*', BLOCKED],
    ])('%s', async (_what, url, words) => {
      const page = await broken((page) => page.route(url, (route) => route.abort('blockedbyclient'), { times: 1 }))
      const shown = await line(page).innerText()
      await line(page).getByRole('button').click()
      await reach(page, 'ready')
      expect([shown, await line(page).innerText()]).toEqual([words, ''])
    })

    it('the scripts of the cloud are blocked', async () => {
      await stage.site.simulator.fault('500', { endpoint: 'static' })
      const page = await broken(() => Promise.resolve())
      const shown = await line(page).innerText()
      await stage.site.simulator.fault('none', { endpoint: 'static' })
      await line(page).getByRole('button').click()
      await reach(page, 'ready')
      expect(shown).toBe(BLOCKED)
    })

    it.each([
      ['the site has none to give', { status: 429, body: '{}' }, 'Too many at once. Try again'],
      ['a network answers in place of the site', { status: 200, body: '<html>' }, BLOCKED],
    ])('%s', async (_what, answer, words) => {
      const page = await broken((page) => page.route('**/getcaptcha*', (route) => route.fulfill(answer), { times: 1 }))
      const shown = await line(page).innerText()
      await login(page).click()
      await solve(page)
      await welcome(page)
      expect(shown).toBe(words)
    })

    // gt.js 0.4.8 hands a text to onError.
    it('a loader of the vendor’s tells it by a text alone', async () => {
      const body = `window.initGeetest = function (config) { setTimeout(config.onError, 0, 'a text') }`
      const page = await broken((page) =>
        page.route('**/gt.js', (route) => route.fulfill({ contentType: 'text/javascript', body })),
      )
      expect(await line(page).innerText()).toBe(BLOCKED)
    })

    it('in Chinese too', async () => {
      const page = await broken((page) => page.route('**/gt.js', (route) => route.abort()), 'zh-CN')
      expect(await line(page).innerText()).toBe('验证无法加载，可能被网络或扩展拦截 重试')
    })

    it('unless the page says it itself', async () => {
      const page = await broken(async (page) => {
        await page.addInitScript("addEventListener('geetest:error', function (event) { event.preventDefault() })")
        await page.route('**/gt.js', (route) => route.abort())
      })
      expect(await line(page).innerText()).toBe('')
    })
  })

  describe('the language', () => {
    // In an outage the captcha stands in the page, and what is to be done with it needs words.
    const unsolved = async (page: Page) => {
      await login(page).click()
      return [await line(page).innerText(), await page.locator('.geetest_panel').getAttribute('aria-label')]
    }
    const ENGLISH = ['Please complete the captcha', 'Verify me']
    const CHINESE = ['请先完成验证', '开始验证']

    it.each([
      ['en-GB', '', ENGLISH],
      ['fr', '', ['Veuillez d’abord effectuer la vérification', 'Vérifier']],
      ['ar', '', ['يرجى إكمال التحقق أولاً', 'التحقق مني']],
      ['sv', '', ENGLISH],
      ['en', 'data-text-unsolved="Prove it"', ['Prove it', 'Verify me']],
      ['zh-CN', '', CHINESE],
      ['zh', '', CHINESE],
      ['', '', ENGLISH], // the browser's
      ['en', 'data-lang="zh-tw"', ['請先完成驗證', '開始驗證']],
      ['zh', 'data-lang="en"', ENGLISH],
    ])('of a page in "%s" %s is that of the captcha', async (lang, attributes, words) => {
      stage.site.captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
      expect(await unsolved(await visit({ lang, attributes }))).toEqual(words)
    })
  })

  describe('events on the form', () => {
    async function listening(attributes = '', then = ''): Promise<Page> {
      const { page } = await open()
      await page.addInitScript(LISTEN + then)
      await show(page, pageOf(form({ attributes }), { fetch: true }))
      await reach(page, 'ready')
      return page
    }
    const heard = (page: Page, name: string) => page.locator(`html[data-heard=${name}]`).waitFor()
    const events = (page: Page) => page.evaluate<string[]>('events')
    const prevent = (name: string) =>
      `;addEventListener('geetest:${name}', function (event) { event.preventDefault() })`

    it('tell of what happens, in its order', async () => {
      // Version 3 tells of no try that failed.
      const page = await listening('data-version="4" data-scene="/v4"')
      await page.locator('.geetest_radar_btn').click()
      const another = page.waitForResponse(/\/load\?/)
      await solve(page, '', 40)
      await heard(page, 'fail')
      await another
      await page.locator('.geetest_panel:not([class*=geetest_panel_]):visible').waitFor()
      await solve(page)
      await reach(page, 'solved')
      expect(await events(page)).toEqual(['ready', 'fail', 'success'])
    })

    it('bring the three fields with the success', async () => {
      const page = await listening(bind.attributes)
      await logIn(page)
      await said(page, 'welcome')
      expect(stage.site.posts[0]).toMatchObject((await page.evaluate<object>('detail')) as Record<string, string>)
    })

    it('bring code and words with an error', async () => {
      const { page } = await open()
      await page.addInitScript(LISTEN)
      await page.route('**/getcaptcha*', (route) => route.fulfill({ status: 503, body: '' }))
      await show(page, pageOf(form()))
      await reach(page, 'error')
      expect(await page.evaluate('detail')).toEqual({ code: 'http_503', text: 'The captcha cannot load: 503' })
    })

    it('tell that the check was closed, and then nothing is sent any more', async () => {
      const page = await listening(bind.attributes)
      await login(page).click()
      await page.locator('.geetest_popup_wrap .geetest_slider_button').waitFor()
      await page.keyboard.press('Escape')
      await heard(page, 'close')
      await page.evaluate("document.getElementById('form').geetest.reset()")
      await reach(page, 'ready')
      expect([await events(page), stage.site.posts.length]).toEqual([['ready', 'close', 'ready'], 0])
    })

    it('keep the form from being sent, where the page cancels the success', async () => {
      const page = await listening(bind.attributes, prevent('success'))
      await logIn(page)
      await reach(page, 'solved')
      const sent = stage.site.posts.length
      await login(page).click()
      await said(page, 'welcome')
      expect([sent, stage.site.posts.length]).toEqual([0, 1])
    })

    it('keep the check from opening, where the page cancels ready', async () => {
      const { page } = await open()
      await page.addInitScript(LISTEN + prevent('ready'))
      let pressed = () => {}
      const press = new Promise<void>((resolve) => (pressed = resolve))
      await page.route('**/getcaptcha*', (route) => press.then(() => route.continue()))
      await show(page, pageOf(form(bind)))
      await login(page).click()
      pressed()
      await reach(page, 'ready')
      expect(await page.locator('.geetest_popup_wrap').count()).toBe(0)
    })
  })

  describe('the place of the captcha', () => {
    const before = (page: Page, selector: string) =>
      page.evaluate(
        `document.querySelector('.geetest_holder').closest('[data-geetest-here]').nextElementSibling.matches('${selector}')`,
      )

    it('is before the button', async () => {
      expect(await before(await visit(), 'button:not([name])')).toBe(true)
    })

    it('is where the page has marked it, and what stood there meanwhile goes', async () => {
      const page = await visit({ more: '<div data-geetest-here>Loading</div><hr>' })
      expect([await before(page, 'hr'), await page.getByText('Loading', { exact: true }).count()]).toEqual([true, 0])
    })
  })

  describe('the plugin', () => {
    it('of another scene is found in its folder', async () => {
      const page = await visit({ attributes: 'data-scene="register" data-product="bind"', action: '/signup' })
      await logIn(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('of another scene is found by its path', async () => {
      const page = await visit({ attributes: 'data-scene="/register" data-product="bind"', action: '/signup' })
      await logIn(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('under a prefix is found where the script came from, and its files by the same version', async () => {
      const helper = '/register/geetest-form.js?v=1.0.0/x'
      const { page, requests } = await openAt(pageOf(form({ ...bind, action: '/signup' }), { helper }))
      await reach(page, 'ready')
      await logIn(page)
      await welcome(page)
      const asked = requests
        .map((url) => url.replace(stage.site.url, '').replace(/\?t=.*/, ''))
        .filter((url) => url.startsWith('/register'))
      expect(asked).toEqual([helper, '/register/gt.js?v=1.0.0/x', '/register/getcaptcha'])
    })

    it('is asked once for a loader that the page has already', async () => {
      const { page, requests } = await openAt(`<script src="/gt.js"></script>${pageOf(form())}`)
      await reach(page, 'ready')
      expect(requests.filter((url) => url.endsWith('/gt.js'))).toHaveLength(1)
    })
  })

  describe('with the keyboard alone', () => {
    const focused = (page: Page) => page.evaluate('document.activeElement.outerHTML')

    it.each(['float', 'bind', 'embed'])('logs in by "%s"', async (product) => {
      const page = await visit({ attributes: `data-product="${product}"` })
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await solveByKeys(page)
      await welcome(page)
      expect(stage.site.posts).toHaveLength(1)
    })

    it('keeps the focus in the form when the captcha under it is renewed', async () => {
      const page = await visit({ fetch: true })
      await page.locator('.geetest_radar_btn').click()
      await solve(page)
      await reach(page, 'solved')
      await page.locator('.geetest_popup_wrap').waitFor({ state: 'detached' })
      await page.focus('.geetest_radar_btn')
      await page.evaluate("document.getElementById('form').geetest.reset()")
      expect(await focused(page)).toBe('<button>Log in</button>')
    })

    it('goes from "try again" to the button', async () => {
      const page = await broken((page) => page.route('**/gt.js', (route) => route.abort(), { times: 1 }))
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await reach(page, 'ready')
      expect(await focused(page)).toBe('<button>Log in</button>')
    })
  })

  describe('axe finds nothing', () => {
    // Its own script comes from outside the page.
    const lenient = { bypassCSP: true }

    it.each([
      ['float', 'en'],
      ['float', 'zh-CN'],
      ['popup', 'en'],
      ['bind', 'en'],
      ['embed', 'en'],
    ])('in "%s" in "%s", before and after the button', async (product, lang) => {
      const html = pageOf(form({ attributes: `data-product="${product}"` }), { lang })
      const { page } = await openAt(html, lenient)
      await reach(page, 'ready')
      const before = await complaints(page)
      await login(page).click()
      await page.locator('.geetest_slider_button:visible').waitFor()
      expect([...before, ...(await complaints(page))]).toEqual([])
    })

    it.each(['en', 'zh-CN'])('where there is no captcha, in "%s"', async (lang) => {
      const { page } = await open(lenient)
      await page.route('**/getcaptcha*', (route) => route.abort())
      await show(page, pageOf(form(), { lang }))
      await reach(page, 'error')
      expect(await complaints(page)).toEqual([])
    })
  })
})
