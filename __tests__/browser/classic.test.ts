import type { Page } from 'playwright-core'
import { createSimulator, type Simulator } from '../../lib/simulator'
import { complaints } from './support/captcha'
import { describeInChromium } from './support/chromium'
import { startDemo, underPolicy, type Demo } from './support/demo'
import {
  bar,
  classic,
  drag,
  integrations,
  logIn,
  press,
  reach,
  section,
  slider,
  status,
  submit,
  swipe,
  tamper,
  type,
  visit,
  type Integration,
} from './support/login-page'

const WELCOME = { popup: '#popup .status', mobile: '#mobile .status', embed: 'h1' }

/** The words that a logged-in visitor reads, wherever they are. */
async function welcome(page: Page, id: Integration): Promise<string> {
  if (id === 'embed') await page.locator('.answer').waitFor()
  else await reach(page, id, 'done')
  return page.locator(WELCOME[id]).innerText()
}

describeInChromium('the classic integrations of the demo', (open) => {
  let simulator: Simulator
  let demo: Demo

  beforeAll(async () => {
    simulator = createSimulator()
    await simulator.start()
    const { captchaId, privateKey, url } = simulator
    // By the seed's own downtime rule, so that the vendor's widget is there in an outage too.
    demo = await startDemo({
      GEETEST_ID: captchaId,
      GEETEST_KEY: privateKey,
      GEETEST_API_SERVER: url,
      GEETEST_DOWNTIME: 'failback',
    })
  })
  afterEach(() => simulator.fault('none'))
  afterAll(() => Promise.all([demo.stop(), simulator.stop()]))

  async function openPage(options?: Parameters<typeof open>[0]): Promise<Page> {
    const { page } = await open(options)
    await visit(page, demo.url)
    return page
  }

  describe.each(integrations)('in the integration "%s"', (id) => {
    it('sends nothing before the captcha is solved', async () => {
      const { page, requests } = await open()
      await visit(page, demo.url)
      await type(page, id, 'demo')
      await submit(page, id)
      await press(page, id)
      await slider(page, id).waitFor()
      expect(requests.filter((url) => url.endsWith('/login'))).toEqual([])
    })

    it('lets the visitor miss the gap and try again', async () => {
      const page = await openPage()
      await type(page, id, 'demo')
      if (id !== 'embed') await submit(page, id)
      await press(page, id)
      await drag(page, id, 30)
      await page.locator('.geetest_panel_fail').waitFor()
      await page.locator('.geetest_panel_fail .geetest_slider_button[aria-valuenow="0"]').waitFor()
      await drag(page, id)
      if (id === 'embed') await reach(page, id, 'solved').then(() => submit(page, id))
      expect(await welcome(page, id)).toContain('You are logged in')
    })
  })

  describe.each(['popup', 'mobile'] as const)('by ajax, in "%s"', (id) => {
    it('says that the password is wrong, and takes the right one with a fresh captcha', async () => {
      const page = await openPage()
      await logIn(page, id, 'wrong')
      await expectText(page, id, 'Wrong user name or password')
      await reach(page, id, 'ready')
      await logIn(page, id)
      expect(await welcome(page, id)).toContain('You are logged in')
    })

    it('says that the captcha was refused, and draws a fresh one', async () => {
      const page = await openPage()
      await tamper(page)
      await logIn(page, id)
      await expectText(page, id, 'The captcha was refused')
      await reach(page, id, 'ready')
      await logIn(page, id)
      expect(await welcome(page, id)).toContain('You are logged in')
    })

    it('keeps the answer while the cloud hangs, and "try again" sends it once more', async () => {
      await simulator.fault('hang', { endpoint: 'validate' })
      const page = await openPage()
      await logIn(page, id)
      await reach(page, id, 'kept')
      await simulator.fault('none')
      await section(page, id).getByRole('button', { name: 'Try again' }).click()
      expect(await welcome(page, id)).toContain('You are logged in')
    })

    it('offers another login after one', async () => {
      const page = await openPage()
      await logIn(page, id)
      await section(page, id).getByRole('button', { name: 'Log in once more' }).click()
      await reach(page, id, 'ready')
      await logIn(page, id)
      expect(await welcome(page, id)).toContain('You are logged in')
    })
  })

  describe('the popup', () => {
    it('waits for the button after it was opened by its bar', async () => {
      const page = await openPage()
      await type(page, 'popup', 'demo')
      await page.locator('#popup .geetest_radar_btn').click()
      await drag(page, 'popup')
      await reach(page, 'popup', 'solved')
      await submit(page, 'popup')
      expect(await welcome(page, 'popup')).toContain('You are logged in')
    })

    it('keeps the answer when too many try at once', async () => {
      const page = await openPage()
      const busy = { status: 429, json: { result: 'fail', code: 'downtime_denied' } }
      await page.route('**/login', (route) => route.fulfill(busy), { times: 1 })
      await logIn(page, 'popup')
      await expectText(page, 'popup', 'Too many people')
      await section(page, 'popup').getByRole('button', { name: 'Try again' }).click()
      expect(await welcome(page, 'popup')).toContain('You are logged in')
    })

    it('works with the keyboard alone', async () => {
      const page = await openPage()
      await tabTo(page, '#popup-password')
      await page.keyboard.type('demo')
      await page.keyboard.press('Enter')
      await alignByKeys(page, 'popup')
      await page.keyboard.press('Enter')
      expect(await welcome(page, 'popup')).toContain('You are logged in')
    })
  })

  describe('the form', () => {
    it('shows a hint when it is sent unsolved', async () => {
      const page = await openPage()
      await type(page, 'embed', 'demo')
      await submit(page, 'embed')
      expect(await status(page, 'embed').innerText()).toBe('Please complete the captcha first')
    })

    it('answers 403 in words to a browser without scripts', async () => {
      const { page } = await open({ javaScriptEnabled: false })
      await page.goto(classic(demo.url))
      await type(page, 'embed', 'demo')
      const [answer] = await Promise.all([page.waitForResponse(/login/), submit(page, 'embed')])
      expect([answer.status(), await page.locator('h1').innerText()]).toEqual([
        403,
        'Please complete the captcha first',
      ])
    })

    it('answers a refused captcha in words', async () => {
      const page = await openPage()
      await type(page, 'embed', 'demo')
      await press(page, 'embed')
      await drag(page, 'embed')
      await reach(page, 'embed', 'solved')
      await page.evaluate("document.querySelector('#embed [name=geetest_validate]').value = Array(33).join('0')")
      await submit(page, 'embed')
      await page.locator('.answer').waitFor()
      expect(await page.locator('h1').innerText()).toBe('The captcha was refused')
    })

    it('answers a wrong password in words, and the way back leads to a fresh captcha', async () => {
      const page = await openPage()
      await logIn(page, 'embed', 'wrong')
      await page.getByText('The user name or the password is wrong').waitFor()
      await page.getByRole('link').click()
      await reach(page, 'embed', 'ready')
      await logIn(page, 'embed')
      expect(await welcome(page, 'embed')).toContain('You are logged in')
    })

    it('draws a fresh captcha for who comes by the back button', async () => {
      const page = await openPage()
      await logIn(page, 'embed', 'wrong')
      await page.getByText('The user name or the password is wrong').waitFor()
      await page.goBack()
      await reach(page, 'embed', 'ready')
      await logIn(page, 'embed')
      expect(await welcome(page, 'embed')).toContain('You are logged in')
    })

    it('may be sent again with the same answer, by a reload, when the cloud had hung', async () => {
      await simulator.fault('hang', { endpoint: 'validate' })
      const page = await openPage()
      await logIn(page, 'embed')
      await page.getByText('The captcha cannot be checked now').waitFor()
      await simulator.fault('none')
      await page.reload()
      expect(await welcome(page, 'embed')).toContain('You are logged in')
    })
  })

  describe('the overlay', () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

    it('works with a finger', async () => {
      const page = await openPage(phone)
      await type(page, 'mobile', 'demo')
      await page.locator('#mobile .primary').tap()
      await bar(page, 'mobile').tap()
      await swipe(page, 'mobile')
      expect(await welcome(page, 'mobile')).toContain('You are logged in')
    })

    it.each([
      ['a tap on the mask', (page: Page) => page.touchscreen.tap(195, 40)],
      ['Escape', (page: Page) => page.keyboard.press('Escape')],
      ['its button', (page: Page) => page.getByRole('button', { name: 'Cancel' }).tap()],
    ])('is closed by %s', async (_what, close) => {
      const page = await openPage(phone)
      await type(page, 'mobile', 'demo')
      await page.locator('#mobile .primary').tap()
      await bar(page, 'mobile').waitFor()
      await close(page)
      await bar(page, 'mobile').waitFor({ state: 'hidden' })
      expect(await page.evaluate('document.activeElement.id || document.activeElement.className')).toBe('primary')
    })

    it('keeps the focus inside', async () => {
      const page = await openPage()
      await type(page, 'mobile', 'demo')
      await submit(page, 'mobile')
      await bar(page, 'mobile').waitFor()
      const inside: unknown[] = []
      for (let i = 0; i < 8; i++) {
        await page.keyboard.press(i < 5 ? 'Tab' : 'Shift+Tab')
        inside.push(await page.evaluate("document.querySelector('#mobile-overlay').contains(document.activeElement)"))
      }
      expect(inside).toEqual(Array(8).fill(true))
    })
  })

  describe('the page', () => {
    it('has three captchas of one session that all count', async () => {
      const page = await openPage()
      for (const id of ['popup', 'mobile'] as const) {
        await logIn(page, id, 'wrong')
        await expectText(page, id, 'Wrong user name or password')
      }
      await logIn(page, 'embed')
      expect(await welcome(page, 'embed')).toContain('You are logged in')
    })

    it.each(['answers', 'is down'])(
      'lets all three log in one after another, by the mouse, while the cloud %s',
      async (how) => {
        if (how === 'is down') await simulator.fault('500', { endpoint: 'register' })
        const page = await openPage()
        for (const id of ['popup', 'mobile', 'embed'] as const) {
          await reach(page, id, 'ready')
          await logIn(page, id, 'demo', how === 'answers')
          expect(await welcome(page, id)).toContain('You are logged in')
        }
      },
    )

    it('asks no host but the site and its cloud, and reports no error', async () => {
      const { page, exceptions, requests } = await open()
      page.on('console', (message) => void (message.type() === 'error' && exceptions.push(message.text())))
      await visit(page, demo.url)
      await logIn(page, 'popup')
      await welcome(page, 'popup')
      const foreign = requests.filter((url) => ![demo.url, simulator.url].includes(new URL(url).origin))
      expect([exceptions, foreign]).toEqual([[], []])
    })

    it('runs under a Content-Security-Policy without inline code', async () => {
      const { page, exceptions } = await open()
      page.on('console', (message) => void (message.type() === 'error' && exceptions.push(message.text())))
      const site = await underPolicy(demo, `default-src 'self'; script-src 'self' ${simulator.url}`)
      try {
        await visit(page, site.origin)
        await press(page, 'embed')
        await drag(page, 'embed')
        await reach(page, 'embed', 'solved')
      } finally {
        await site.stop()
      }
      expect(exceptions).toEqual([])
    })

    it('offers to load the captcha again when the site did not answer', async () => {
      const { page } = await open()
      await page.route('**/getcaptcha*', (route) => route.abort(), { times: 3 })
      await page.goto(classic(demo.url))
      await reach(page, 'popup', 'broken')
      await section(page, 'popup').getByRole('button', { name: 'Try again' }).click()
      await reach(page, 'popup', 'ready')
      expect(await section(page, 'popup').getByRole('button', { name: 'Try again' }).isHidden()).toBe(true)
    })

    it('offers to load the page again when the script of the captcha did not come', async () => {
      await simulator.fault('500', { endpoint: 'static' })
      const { page } = await open()
      await page.goto(classic(demo.url))
      await reach(page, 'popup', 'broken')
      await simulator.fault('none', { endpoint: 'static' })
      await section(page, 'popup').getByRole('button', { name: 'Try again' }).click()
      await reach(page, 'popup', 'ready')
      expect(await status(page, 'popup').innerText()).toBe('')
    })

    it('says that the captcha comes from a simulator', async () => {
      const page = await openPage()
      expect(await page.locator('#mode').innerText()).toBe('Online · simulator')
    })

    it('says that the cloud is down', async () => {
      await simulator.fault('500', { endpoint: 'register' })
      const page = await openPage()
      expect(await page.locator('#mode').innerText()).toBe('Downtime · verified by this site')
    })
  })

  describe('the language', () => {
    it.each([
      ['zh-CN', 'zh-CN', '登录'],
      ['zh-TW', 'zh-CN', '登录'],
      ['en-GB', 'en', 'Log in'],
      ['fr-FR', 'en', 'Log in'],
    ])('of a browser in %s is %s', async (locale, lang, button) => {
      const page = await openPage({ locale })
      const shown = await page.locator('#popup .primary').innerText()
      expect([await page.locator('html').getAttribute('lang'), shown]).toEqual([lang, button])
    })

    it('is that of the captcha too', async () => {
      const page = await openPage({ locale: 'zh-CN' })
      expect(await page.locator('#popup .geetest_radar_tip').innerText()).toBe('点击按钮进行验证')
    })

    it('can be changed, and stays over a reload', async () => {
      const page = await openPage({ locale: 'zh-CN' })
      await page.getByRole('link', { name: 'English' }).click()
      await page.reload()
      expect(await page.locator('#popup .primary').innerText()).toBe('Log in')
    })

    it('that was chosen is that of the answer to a form', async () => {
      const { page } = await open({ locale: 'en-US' })
      await visit(page, `${demo.url}/?lang=zh`)
      await logIn(page, 'embed')
      expect(await welcome(page, 'embed')).toBe('登录成功')
    })

    it.each(['zh', 'en'])('%s is accessible, in the opinion of axe', async (lang) => {
      const { page } = await open()
      await visit(page, `${demo.url}/?lang=${lang}`)
      expect(await complaints(page)).toEqual([])
    })

    it('is accessible with the overlay open, in the opinion of axe', async () => {
      const { page } = await open()
      await visit(page, `${demo.url}/?lang=zh`)
      await type(page, 'mobile', 'demo')
      await submit(page, 'mobile')
      await bar(page, 'mobile').waitFor()
      expect(await complaints(page)).toEqual([])
    })

    it('is accessible in the answer to a form, in the opinion of axe', async () => {
      const { page } = await open()
      await visit(page, `${demo.url}/?lang=zh`)
      await logIn(page, 'embed', 'wrong')
      await page.locator('.answer').waitFor()
      expect(await complaints(page)).toEqual([])
    })
  })
})

describeInChromium('the classic integrations without an account', (open) => {
  let demo: Demo
  beforeAll(async () => {
    demo = await startDemo()
  })
  afterAll(() => demo.stop())

  it('brings a simulator of its own, and logs in', async () => {
    const { page } = await open()
    await visit(page, demo.url)
    await logIn(page, 'popup')
    expect(await welcome(page, 'popup')).toContain('You are logged in')
  })
})

/** Waits for words in the status line; a timeout tells which were expected. */
async function expectText(page: Page, id: Integration, text: string): Promise<void> {
  await status(page, id).filter({ hasText: text }).waitFor()
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement === document.querySelector('${selector}')`)) return
  }
  throw new Error(`Tab does not lead to ${selector}`)
}

/** Moves the piece by what a screen reader reads out: the pixels that are missing. */
async function alignByKeys(page: Page, id: Integration): Promise<void> {
  const focused = slider(page, id).and(page.locator(':focus'))
  await focused.waitFor()
  const words = String(await focused.getAttribute('aria-valuetext'))
  const missing = Number(/(\d+) pixels to the right/.exec(words)?.[1])
  for (let i = 0; i < Math.floor(missing / 10); i++) await page.keyboard.press('Shift+ArrowRight')
  for (let i = 0; i < missing % 10; i++) await page.keyboard.press('ArrowRight')
}
