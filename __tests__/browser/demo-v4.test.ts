import type { Page } from 'playwright-core'
import { createSimulator, type Simulator } from '../../lib/simulator'
import { complaints } from './support/captcha'
import { describeInChromium } from './support/chromium'
import { startDemo, underPolicy, type Demo } from './support/demo'
import { reach, solve, solveByKeys } from './support/form-page'

describeInChromium('the demo of version 4', (open) => {
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

  const heading = (page: Page) => page.locator('.answer h1').innerText()

  async function visit(path = '/v4.html?lang=en', options?: Parameters<typeof open>[0]): Promise<Page> {
    const { page } = await open(options)
    await page.goto(demo.url + path)
    await reach(page, 'ready', 'login')
    return page
  }

  async function send(page: Page, password = 'demo'): Promise<void> {
    await page.locator('#password').fill(password)
    await page.locator('#login .primary').click()
  }

  // With "float" login.smoke.test.ts does.
  it.each(['popup', 'bind'])('logs in with "%s" by the mouse', async (product) => {
    const page = await visit(`/v4.html?lang=en&product=${product}`)
    await send(page)
    await solve(page)
    await page.locator('.answer').waitFor()
    expect(await heading(page)).toBe('You are logged in')
    expect(simulator.lots.at(-1)?.redeemed).toBe(true)
  })

  it('logs in by the keyboard alone', async () => {
    const page = await visit()
    await page.focus('#password')
    await page.keyboard.type('demo')
    await page.keyboard.press('Enter')
    await solveByKeys(page)
    await page.locator('.answer').waitFor()
    expect(await heading(page)).toBe('You are logged in')
  })

  it('answers a wrong password in words, and the way back leads to this page with a fresh captcha', async () => {
    const page = await visit()
    await send(page, 'wrong')
    await solve(page)
    await page.locator('.answer').waitFor()
    await page.getByRole('link').click()
    await reach(page, 'ready', 'login')
    expect(page.url()).toContain('/v4.html?lang=en')
  })

  it('is reached from the first page, and leads back', async () => {
    const page = await visit('/?lang=en')
    await page.locator('#v4 a').click()
    await reach(page, 'ready', 'login')
    await page.locator('.more a').click()
    await page.locator('#v4 a').waitFor()
    expect(page.url()).toBe(`${demo.url}/?lang=en`)
  })

  it('runs under a Content-Security-Policy without inline code', async () => {
    const { page, exceptions } = await open()
    page.on('console', (message) => void (message.type() === 'error' && exceptions.push(message.text())))
    const site = await underPolicy(demo, `default-src 'self'; script-src 'self' ${simulator.url}`)
    try {
      await page.goto(`${site.origin}/v4.html?lang=en`)
      await reach(page, 'ready', 'login')
      await send(page)
      await solve(page)
      await page.locator('.answer').waitFor()
    } finally {
      await site.stop()
    }
    expect(exceptions).toEqual([])
  })

  it.each(['zh', 'en'])('%s is accessible, in the opinion of axe', async (lang) => {
    const page = await visit(`/v4.html?lang=${lang}`)
    await page.locator('#mode[data-mode]').waitFor()
    expect(await complaints(page)).toEqual([])
  })

  it('fits a phone', async () => {
    const page = await visit('/v4.html?lang=zh', { viewport: { width: 320, height: 640 } })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
  })

  describe('in an outage', () => {
    // By the mouse and a finger login.smoke.test.ts does.
    it('logs in through the downtime widget by the keyboard', async () => {
      await simulator.fault('refuse')
      const page = await visit()
      await page.locator('#password').fill('demo')
      await page.locator('#login [type=checkbox]').focus()
      await page.keyboard.press('Space')
      await reach(page, 'solved', 'login')
      await page.locator('#password').press('Enter')
      await page.locator('.answer').waitFor()
      expect(await heading(page)).toBe('You are logged in')
    })
  })
})
