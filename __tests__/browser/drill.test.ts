import type { Page } from 'playwright-core'
import { describeInChromium } from './support/chromium'
import { startDemo, type Demo } from './support/demo'
import { reach, submit, type, visit } from './support/login-page'

describeInChromium('the switch that takes the cloud down', (open) => {
  let demo: Demo
  beforeEach(async () => {
    demo = await startDemo()
  }, 30_000)
  afterEach(() => demo.stop())

  /** Presses the switch; the page loads anew and draws what visitors get now. */
  async function press(page: Page): Promise<void> {
    await Promise.all([page.waitForEvent('load'), page.locator('#drill-switch').click()])
    await reach(page, 'popup', 'ready')
  }

  it('shows the outage that it made, and lets a visitor log in through it', async () => {
    const { page } = await open()
    await visit(page, `${demo.url}/?lang=en`)
    await press(page)
    expect(await page.locator('#drill-switch').getAttribute('aria-pressed')).toBe('true')
    expect(await page.locator('#mode').innerText()).toBe('Downtime · verified by this site')
    await type(page, 'popup', 'demo')
    await page.locator('#popup input[type=checkbox]').click()
    await submit(page, 'popup')
    await reach(page, 'popup', 'done')
  })

  it('lets the cloud come back', async () => {
    const { page } = await open()
    await visit(page, `${demo.url}/?lang=en`)
    await press(page)
    await press(page)
    expect(await page.locator('#drill-switch').getAttribute('aria-pressed')).toBe('false')
  })
})

describeInChromium('the demo against another cloud', (open) => {
  it('has no such switch', async () => {
    const demo = await startDemo({
      GEETEST_ID: '0'.repeat(32),
      GEETEST_KEY: 'key',
      GEETEST_API_SERVER: 'http://127.0.0.1:9',
    })
    const { page } = await open()
    await visit(page, demo.url)
    expect(await page.locator('#drill-switch').isVisible()).toBe(false)
    await demo.stop()
  })
})
