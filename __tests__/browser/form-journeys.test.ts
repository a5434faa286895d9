import type { Page } from 'playwright-core'
import { describeInChromium } from './support/chromium'
import { form, line, login, pageOf, reach, solve } from './support/form-page'
import { password, said, setForms } from './support/form-stage'
import { box } from './support/offline'
import { until } from './support/until'

/** Keeps the names of the form's events in `window.events`. */
const LISTEN = `window.events = []
  ;['ready', 'success', 'fail', 'error', 'close'].forEach(function (name) {
    document.addEventListener('geetest:' + name, function (event) {
      events.push(name)
      if (name === 'ready') window.made = event.detail
      document.documentElement.setAttribute('data-heard', events.join(' '))
    })
  })`
const BAR = '#form .geetest_radar_btn'
const PANEL = '.geetest_panel:visible'
const AN_HOUR = 3_600_000
/** Puts the page's clock on. The helper looks at it whenever something changes on the page. */
const later = (milliseconds: number) => `var now = Date.now
  Date.now = function () { return now() + ${milliseconds} }
  document.body.appendChild(document.createElement('hr'))`
const DOWN = { mode: 'down', reason: 'test', seconds: 600 } as const

const versions = [
  { version: 3, attributes: '', action: '/login', products: ['float', 'popup', 'embed', 'custom', 'bind'] },
  {
    version: 4,
    attributes: 'data-version="4" data-scene="/v4"',
    action: '/login4',
    products: ['float', 'popup', 'embed', 'bind'],
  },
]

// The simulator's widgets are as strict as the vendor's. Whatever visitors do before them, they get in: no dead ends.
describeInChromium('whatever a visitor does', (open) => {
  const stage = setForms(open)

  const events = (page: Page) => page.evaluate<string[]>('events')
  const heard = (page: Page, name: string) => page.locator(`html[data-heard~=${name}]`).waitFor({ state: 'attached' })
  /** The submit button without a mouse: a popup may lie over it. */
  const pressKey = async (page: Page) => {
    await page.locator('#form [name=password]').focus()
    await page.keyboard.press('Enter')
  }
  const opened = (page: Page) => page.locator(`${PANEL} .geetest_slider_button[data-gap]`).waitFor()

  async function show(html: string, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
    const { page } = await open()
    await page.addInitScript(LISTEN)
    await prepare?.(page)
    await stage.show(page, pageOf(html, { fetch: true }))
    if (!prepare) await reach(page, 'ready')
    return page
  }

  describe.each(versions)('in version $version', ({ version, attributes, action, products }) => {
    describe.each(products)('as %s', (product) => {
      const bind = product === 'bind'

      const visit = (prepare?: (page: Page) => Promise<unknown>) =>
        show(form({ attributes: `${attributes} data-product="${product}"`, action }), prepare)

      /** The names of the answers that were sent, each once. */
      const answers = () => new Set(stage.site.posts.map((post) => String(post.lot_number ?? post.geetest_challenge)))

      it('the form is sent once where its button came first, and nobody hears that the check was closed', async () => {
        const page = await visit()
        await login(page).click()
        await solve(page)
        await said(page, 'welcome')
        expect([await events(page), stage.site.posts.length]).toEqual([['ready', 'success'], 1])
      })

      it('the check opens by itself where the button came before the captcha', async () => {
        let release = () => {}
        const held = new Promise<void>((resolve) => (release = resolve))
        const page = await visit((page) => page.route('**/getcaptcha*', (route) => held.then(() => route.continue())))
        await login(page).click()
        release()
        await solve(page)
        await said(page, 'welcome')
        expect(stage.site.posts).toHaveLength(1)
      })

      it('the form is sent once where its button is pressed again while the check is open', async () => {
        const page = await visit()
        await login(page).click()
        await opened(page)
        await pressKey(page)
        await opened(page)
        await solve(page)
        await said(page, 'welcome')
        expect([await events(page), stage.site.posts.length]).toEqual([['ready', 'success'], 1])
      })

      it('a wrong password is followed by another captcha, solved first where that can be, and the right one', async () => {
        const page = await visit()
        await password(page, 'wrong')
        await (bind ? login(page) : page.locator(BAR)).click()
        await solve(page)
        if (!bind) {
          await reach(page, 'solved')
          await login(page).click()
        }
        await said(page, 'wrong_password')
        await password(page, 'right')
        await reach(page, 'ready')
        await login(page).click()
        await solve(page)
        await said(page, 'welcome')
        expect([await page.locator('#form input[type=hidden]').count(), answers().size]).toEqual([
          version === 3 ? 3 : 5,
          2,
        ])
      })

      it('who closes the check is not sent on by the next solve, unless the button asks for it again', async () => {
        const page = await visit()
        await login(page).click()
        await opened(page)
        await page.keyboard.press('Escape')
        await heard(page, 'close')
        if (!bind) {
          await page.locator(BAR).click()
          await solve(page)
          await reach(page, 'solved')
        }
        const before = stage.site.posts.length
        await login(page).click()
        if (bind) await solve(page)
        await said(page, 'welcome')
        expect([before, stage.site.posts.length, await events(page)]).toEqual([0, 1, ['ready', 'close', 'success']])
      })

      it('a miss and another picture keep the form waiting, and it is sent', async () => {
        const page = await visit()
        await login(page).click()
        await opened(page)
        const again = version === 4 ? page.waitForResponse(/\/load\?/) : undefined
        await solve(page, '', 40)
        await again
        await page.locator(`${PANEL} .geetest_slider_button[aria-valuenow="0"]`).waitFor()
        const changed = page.waitForResponse(version === 4 ? /\/load\?/ : /\/refresh\.php\?/)
        await page.locator('.geetest_refresh:visible').click()
        await changed
        await page.locator('.geetest_panel:not([class*=geetest_panel_]):visible').waitFor()
        await solve(page)
        await said(page, 'welcome')
        expect(stage.site.posts).toHaveLength(1)
      })

      it('a challenge that grows old in an open check gives way to another, and the form is still sent', async () => {
        const page = await visit()
        await login(page).click()
        await opened(page)
        const renewed = page.waitForResponse('**/getcaptcha*')
        await page.evaluate(later(AN_HOUR))
        await renewed
        await solve(page)
        await said(page, 'welcome')
        expect([stage.site.sessions.length, stage.site.posts.length]).toEqual([2, 1])
      })

      it('an outage that begins while the check is open ends in the captcha of the site itself', async () => {
        const page = await visit()
        await login(page).click()
        await opened(page)
        await stage.site.simulator.fault('500')
        for (const one of [stage.site.captcha, stage.site.captcha4]) one.force(DOWN)
        await solve(page)
        if (!/popup|bind/.test(product)) await box(page).click()
        await said(page, 'welcome')
        expect(JSON.stringify(stage.site.posts)).toContain('gt-offline')
      })
    })

    it('a captcha that the page itself starts over after the solve is asked for again', async () => {
      const page = await show(form({ attributes, action }))
      await page.locator(BAR).click()
      await solve(page)
      await reach(page, 'solved')
      await page.evaluate('made.reset()')
      await login(page).click()
      await solve(page)
      await said(page, 'welcome')
      expect(stage.site.posts).toHaveLength(1)
    })

    it('what loads for a minute is said, and can be tried again', async () => {
      let asked = 0
      const page = await show(form({ attributes, action }), (page) => page.route('**/getcaptcha*', () => void asked++))
      await until(() => asked > 0)
      await page.evaluate(later(61_000))
      await heard(page, 'error')
      const words = await line(page).innerText()
      await page.unroute('**/getcaptcha*')
      await line(page).getByRole('button').click()
      await reach(page, 'ready')
      await login(page).click()
      await solve(page)
      await said(page, 'welcome')
      expect(words).toBe('The captcha cannot load, the network is slow Try again')
    })
  })

  describe('in version 4', () => {
    const v4 = { attributes: 'data-version="4" data-scene="/v4"', action: '/login4' }

    // The vendor's type "ai" has its answer from the start, and takes none but the visitor's own press.
    it('the button that needs a single press of the visitor is shown, and not pressed', async () => {
      const page = await show(form(v4), (page) =>
        page.route(/\/load\?/, async (route) => {
          const response = await route.fetch()
          await route.fulfill({
            response,
            body: (await response.text()).replace('"captcha_type":"slide"', '"captcha_type":"ai"'),
          })
        }),
      )
      await reach(page, 'ready')
      await page.evaluate('made.getValidate = function () { return {} }')
      await login(page).click()
      const focused = await page.evaluate("document.activeElement.matches('#form .geetest_btn_click')")
      const unopened = await page.locator(PANEL).count()
      const words = await line(page).innerText()
      await page.locator(BAR).click()
      await solve(page)
      await reach(page, 'spent')
      expect([focused, unopened, words]).toEqual([true, 0, 'Please complete the captcha'])
    })

    it('what was solved is sent, whatever the captcha complains of afterwards', async () => {
      const page = await show(form(v4))
      await page.locator(BAR).click()
      await solve(page)
      await reach(page, 'solved')
      await page.evaluate(`new Promise(function (resolve) { made.onError(resolve).appendTo('#nowhere') })`)
      await login(page).click()
      await said(page, 'welcome')
      expect(stage.site.posts).toHaveLength(1)
    })
  })
})
