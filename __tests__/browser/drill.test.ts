import type { Page } from 'playwright-core'
import { complaints } from './support/captcha'
import { describeInChromium } from './support/chromium'
import { startDemo, type Demo } from './support/demo'
import { reach as reachForm } from './support/form-page'
import { reach, submit, type, visit } from './support/login-page'

describeInChromium('the switch that takes the cloud down', (open) => {
  let demo: Demo
  beforeEach(async () => {
    demo = await startDemo()
  })
  afterEach(() => demo.stop())

  const home = (page: Page) => reachForm(page, 'ready', 'login')
  const classic = (page: Page) => reach(page, 'popup', 'ready')

  /** Presses the switch; the page loads anew and draws what visitors get now. */
  async function press(page: Page, ready: (page: Page) => Promise<void>): Promise<void> {
    await Promise.all([page.waitForEvent('load'), page.locator('#drill-switch').click()])
    await ready(page)
  }

  async function openHome(lang = 'en'): Promise<Page> {
    const { page } = await open()
    await page.goto(`${demo.url}/?lang=${lang}`)
    await home(page)
    return page
  }

  it('shows the outage that it made, and lets a visitor log in through it', async () => {
    const page = await openHome()
    await press(page, home)
    await page.locator('#mode').filter({ hasText: 'Downtime · verified by this site' }).waitFor()
    const offer = await page.locator('#drill-switch').innerText()
    await page.locator('#password').fill('demo')
    await page.locator('#login [type=checkbox]').click()
    await reachForm(page, 'solved', 'login')
    await page.locator('#login .primary').click()
    await page.locator('.answer').waitFor()
    expect([offer, await page.locator('h1').innerText()]).toEqual([
      'The cloud is down: bring it back',
      'You are logged in',
    ])
  })

  it('does so on the page of the classic integrations too', async () => {
    const { page } = await open()
    await visit(page, `${demo.url}/?lang=en`)
    await press(page, classic)
    await type(page, 'popup', 'demo')
    await page.locator('#popup input[type=checkbox]').click()
    await submit(page, 'popup')
    await reach(page, 'popup', 'done')
    expect(await page.locator('#mode').innerText()).toBe('Downtime · verified by this site')
  })

  it('says that the cloud is on its way until the site has noticed, and takes no press meanwhile', async () => {
    const page = await openHome()
    await press(page, home)
    let outage = true
    // When the site's next probe notices is its own affair.
    await page.route('**/drill', (route) =>
      route.request().method() === 'GET'
        ? route.fulfill({ json: { available: true, down: false, outage } })
        : route.continue(),
    )
    const button = page.locator('#drill-switch')
    await button.click()
    await button.filter({ hasText: 'The cloud is coming back' }).waitFor()
    const pressable = await button.isEnabled()
    outage = false
    await button.filter({ hasText: 'take the cloud down' }).waitFor()
    expect([pressable, await button.isEnabled()]).toEqual([false, true])
  })

  it('is accessible in an outage, in the opinion of axe', async () => {
    const page = await openHome('zh')
    await press(page, home)
    expect(await complaints(page)).toEqual([])
  })
})

describeInChromium('the demo against another cloud', (open) => {
  it.each(['/', '/classic.html'])('has no such switch on %s', async (path) => {
    const demo = await startDemo({
      GEETEST_ID: '0'.repeat(32),
      GEETEST_KEY: 'key',
      GEETEST_API_SERVER: 'http://127.0.0.1:9',
    })
    const { page } = await open()
    await Promise.all([page.waitForResponse('**/drill'), page.goto(demo.url + path)])
    await (path === '/' ? reachForm(page, 'ready', 'login') : reach(page, 'popup', 'ready'))
    expect(await page.locator('#drill-switch').isVisible()).toBe(false)
    await demo.stop()
  })
})
