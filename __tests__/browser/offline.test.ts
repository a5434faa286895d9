import type { Page } from 'playwright-core'
import { createSimulator, type Simulator } from '../../lib/simulator'
import { complaints } from './support/captcha'
import { describeInChromium, type Tab } from './support/chromium'
import { startDemo, underPolicy, type Demo } from './support/demo'
import { reach, section, status, submit, tamper, type, visit, type Integration } from './support/login-page'

type How = 'mouse' | 'touch' | 'keyboard'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const WELCOME = { popup: '#popup .status', mobile: '#mobile .status', embed: 'h1' }

const box = (page: Page, id: Integration) => section(page, id).getByRole('checkbox')

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
  }
  throw new Error(`Tab never reached ${selector}`)
}

/** Types the password and lets the captcha solve itself, as each integration asks for it. */
async function logIn(page: Page, id: Integration, how: How = 'mouse', password = 'demo'): Promise<void> {
  const press = async (selector: string): Promise<void> => {
    if (how === 'mouse') return page.click(selector)
    if (how === 'touch') return page.tap(selector)
    await tabTo(page, selector)
    await page.keyboard.press('Space')
  }
  if (how === 'keyboard') {
    await tabTo(page, `#${id}-password`)
    await page.keyboard.type(password)
  } else await type(page, id, password)
  if (id !== 'embed') await press(`#${id} .primary`)
  if (id !== 'popup') await press(`#${id} .geetest_checkbox`)
  if (id !== 'embed') return
  await reach(page, id, 'solved')
  await press(`#${id} .primary`)
}

/** The words that a logged-in visitor reads, wherever they are. */
async function welcome(page: Page, id: Integration): Promise<string> {
  if (id === 'embed') await page.locator('.answer').waitFor()
  else await reach(page, id, 'done')
  return page.locator(WELCOME[id]).innerText()
}

/** Requests that went anywhere but to the site. */
const foreign = ({ requests }: Tab, origin: string): string[] => requests.filter((url) => !url.startsWith(`${origin}/`))

describeInChromium('the demo while the cloud is down', (open) => {
  let simulator: Simulator
  let demo: Demo
  let account: Record<string, string>

  beforeAll(async () => {
    simulator = createSimulator()
    await simulator.start()
    await simulator.fault('refuse')
    const { captchaId, privateKey, url } = simulator
    account = { GEETEST_ID: captchaId, GEETEST_KEY: privateKey, GEETEST_API_SERVER: url }
    demo = await startDemo(account)
  })
  afterAll(() => Promise.all([demo.stop(), simulator.stop()]))

  async function openPage(options?: Parameters<typeof open>[0], url = demo.url): Promise<Tab> {
    const tab = await open(options)
    await visit(tab.page, url)
    return tab
  }

  const IN_TURN = ['popup', 'mobile', 'embed'] as const

  /** All three of one page; the form goes last, for it leads to another page. */
  async function logInByAll(page: Page, how?: How): Promise<void> {
    for (const id of IN_TURN) {
      await reach(page, id, 'ready')
      await logIn(page, id, how)
      expect([id, await welcome(page, id)]).toEqual([id, expect.stringContaining('You are logged in')])
    }
  }

  describe('all three integrations on a page', () => {
    it.each([
      ['mouse', {}],
      ['touch', PHONE],
      ['keyboard', {}],
    ] as const)('log in by %s, and ask nobody but the site', async (how, options) => {
      const tab = await openPage(options)
      await logInByAll(tab.page, how)
      expect([foreign(tab, demo.url), tab.exceptions]).toEqual([[], []])
    })

    it('log in on plain http by name, where the browser has no secure context', async () => {
      const url = demo.url.replace('127.0.0.1', 'login.example')
      const tab = await openPage({}, url)
      const secure = await tab.page.evaluate('[isSecureContext, !!window.crypto.subtle]')
      await logInByAll(tab.page)
      expect([secure, foreign(tab, url), tab.exceptions]).toEqual([[false, false], [], []])
    })

    it('log in without workers', async () => {
      const { page } = await open()
      await page.addInitScript('delete window.Worker')
      await visit(page, demo.url)
      await expect(logInByAll(page)).resolves.toBeUndefined()
    })

    it('log in under a Content-Security-Policy of "self" alone, and nothing is refused', async () => {
      const strict = await underPolicy(demo, "default-src 'self'")
      try {
        const tab = await open()
        tab.page.on('console', (message) => void (message.type() === 'error' && tab.exceptions.push(message.text())))
        await visit(tab.page, strict.origin)
        await logInByAll(tab.page)
        expect([foreign(tab, strict.origin), tab.exceptions]).toEqual([[], []])
      } finally {
        await strict.stop()
      }
    })
  })

  describe('the popup', () => {
    it('is solved in its place by who ticks it before logging in', async () => {
      const { page } = await openPage()
      await type(page, 'popup', 'demo')
      await box(page, 'popup').click()
      await reach(page, 'popup', 'solved')
      await submit(page, 'popup')
      expect(await welcome(page, 'popup')).toContain('You are logged in')
    })

    it('draws a fresh one after a wrong password', async () => {
      const { page } = await openPage()
      await logIn(page, 'popup', 'mouse', 'wrong')
      await status(page, 'popup').filter({ hasText: 'Wrong user name' }).waitFor()
      await reach(page, 'popup', 'ready')
      await logIn(page, 'popup')
      expect(await welcome(page, 'popup')).toContain('You are logged in')
    })

    it('draws a fresh one after an answer that the site refused', async () => {
      const { page } = await openPage()
      await tamper(page)
      await logIn(page, 'popup')
      await status(page, 'popup').filter({ hasText: 'The captcha was refused' }).waitFor()
      await reach(page, 'popup', 'ready')
      await logIn(page, 'popup')
      expect(await welcome(page, 'popup')).toContain('You are logged in')
    })
  })

  it.each(['zh', 'en'])('is accessible in %s, in the opinion of axe', async (lang) => {
    const { page } = await openPage({}, `${demo.url}/?lang=${lang}`)
    const idle = await complaints(page)
    await box(page, 'embed').click()
    await reach(page, 'embed', 'solved')
    expect([idle, await complaints(page)]).toEqual([[], []])
  })

  it('speaks the language of the page', async () => {
    const { page } = await openPage({ locale: 'zh-CN' })
    expect(await section(page, 'embed').getByRole('checkbox', { name: '开始验证' }).count()).toBe(1)
  })

  describe('by the provider "deny"', () => {
    let closed: Demo
    beforeAll(async () => {
      closed = await startDemo({ ...account, GEETEST_DOWNTIME: 'deny' })
    })
    afterAll(() => closed.stop())

    it('says that the form is closed, and lets nobody tick', async () => {
      const { page } = await openPage({}, closed.url)
      await box(page, 'embed').click({ force: true })
      expect(await section(page, 'embed').getByRole('status').first().innerText()).toContain('closed for now')
      expect(await box(page, 'embed').isChecked()).toBe(false)
    })

    it('says so in the popup too', async () => {
      const { page } = await openPage({}, closed.url)
      await type(page, 'popup', 'demo')
      await submit(page, 'popup')
      const dialog = page.getByRole('dialog', { name: 'Verify me' })
      expect(await dialog.innerText()).toContain('closed for now')
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    })
  })

  describe('by the provider "allow"', () => {
    let wide: Demo
    beforeAll(async () => {
      wide = await startDemo({ ...account, GEETEST_DOWNTIME: 'allow' })
    })
    afterAll(() => wide.stop())

    it('all three log in with one tick', async () => {
      const { page } = await openPage({}, wide.url)
      await expect(logInByAll(page)).resolves.toBeUndefined()
    })
  })
})
