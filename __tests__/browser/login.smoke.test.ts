import type { Page } from 'playwright-core'
import { createSimulator, type Simulator } from '../../lib/simulator'
import { describeInChromium } from './support/chromium'
import { startDemo, type Demo } from './support/demo'
import { reach, solve, swipe } from './support/form-page'
import * as classic from './support/login-page'

const DESKTOP = { viewport: { width: 1280, height: 720 } }
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

// One login a page: what `npm test` drives a browser for. The rest is in the files around this one.
describeInChromium('the demo, one login a page', (open) => {
  let simulator: Simulator
  let demo: Demo

  beforeAll(async () => {
    simulator = createSimulator()
    await simulator.start()
    const { captchaId, privateKey, url } = simulator
    const account = (prefix: string) => ({
      [`${prefix}_ID`]: captchaId,
      [`${prefix}_KEY`]: privateKey,
      [`${prefix}_API_SERVER`]: url,
    })
    demo = await startDemo({ ...account('GEETEST'), ...account('GEETEST4') })
  })
  afterEach(() => simulator.fault('none'))
  afterAll(() => Promise.all([demo.stop(), simulator.stop()]))

  describe.each([
    ['a desktop', DESKTOP, (page: Page, selector: string) => page.click(selector), solve],
    ['a phone', PHONE, (page: Page, selector: string) => page.tap(selector), swipe],
  ] as const)('on %s', (_what, options, press, answer) => {
    async function visit(path: string): Promise<Page> {
      const { page } = await open(options)
      await page.goto(demo.url + path)
      return page
    }

    /** Types the password into a form with data-geetest, and sends it. */
    async function send(page: Page): Promise<void> {
      await page.locator('#password').fill('demo')
      await press(page, '#login .primary')
    }

    async function heading(page: Page): Promise<string> {
      await page.locator('.answer').waitFor()
      return page.locator('.answer h1').innerText()
    }

    it('by version 3, whose captcha the page draws itself', async () => {
      const { page } = await open(options)
      await classic.visit(page, demo.url)
      await classic.type(page, 'popup', 'demo')
      await press(page, '#popup .primary')
      await answer(page, '.geetest_popup_wrap')
      await classic.reach(page, 'popup', 'done')
      expect(await classic.status(page, 'popup').innerText()).toContain('You are logged in')
    })

    it('by version 4', async () => {
      const page = await visit('/v4.html?lang=en')
      await reach(page, 'ready', 'login')
      await send(page)
      await answer(page)
      expect(await heading(page)).toBe('You are logged in')
    })

    it('by the form helper', async () => {
      const page = await visit('/?lang=en')
      await reach(page, 'ready', 'login')
      await send(page)
      await answer(page)
      expect(await heading(page)).toBe('You are logged in')
    })

    it.each([
      ['3', '/?lang=en'],
      ['4', '/v4.html?lang=en'],
    ])('in an outage of version %s', async (_version, path) => {
      await simulator.fault('refuse')
      const page = await visit(path)
      await page.locator('#password').fill('demo')
      await press(page, '#login .geetest_checkbox')
      await reach(page, 'solved', 'login')
      await press(page, '#login .primary')
      expect(await heading(page)).toBe('You are logged in')
    })
  })
})
