import type { Page } from 'playwright-core'
import { describeInChromium } from './support/chromium'
import { startDemo, type Demo } from './support/demo'
import { solve } from './support/form-page'

describeInChromium('examples/server-rendered.mjs', (open) => {
  let site: Demo
  beforeAll(async () => {
    site = await startDemo({}, 'examples/server-rendered.mjs')
  })
  afterAll(() => site.stop())

  const ready = (page: Page) => page.locator('form[data-geetest-state=ready]').waitFor()

  async function logIn(page: Page, password: string): Promise<void> {
    await ready(page)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await solve(page)
  }

  it('brings the challenge with the page, and logs in without asking for another', async () => {
    const { page, requests } = await open()
    await page.goto(site.url)
    await logIn(page, 'demo')
    await page.getByText('Welcome').waitFor()
    expect(requests.filter((url) => url.includes('/getcaptcha?'))).toEqual([])
  })

  it('asks for another once that is used', async () => {
    const { page, requests } = await open()
    await page.goto(site.url)
    await ready(page)
    await page.evaluate("document.querySelector('form').geetest.reset()")
    await logIn(page, 'demo')
    await page.getByText('Welcome').waitFor()
    expect(requests.filter((url) => url.includes('/getcaptcha?'))).toHaveLength(1)
  })

  it('takes no challenge from a page that comes by the back button: a cache may have kept it', async () => {
    const { page, requests } = await open()
    await page.goto(site.url)
    await logIn(page, 'wrong')
    await page.getByText('Wrong password').waitFor()
    await page.goBack()
    await logIn(page, 'demo')
    await page.getByText('Welcome').waitFor()
    expect(requests.filter((url) => url.includes('/getcaptcha?'))).toHaveLength(1)
  })
})
