import type { Page } from 'playwright-core'
import { createSimulator, type Simulator } from '../../lib/simulator'
import { complaints } from './support/captcha'
import { describeInChromium } from './support/chromium'
import { startDemo, underPolicy, type Demo } from './support/demo'
import { line, reach, solve, solveByKeys } from './support/form-page'

/** "float" is in login.smoke.test.ts. */
const PRODUCTS = ['popup', 'embed', 'bind']

describeInChromium('the demo', (open) => {
  let simulator: Simulator
  let demo: Demo

  beforeAll(async () => {
    simulator = createSimulator()
    await simulator.start()
    const { captchaId, privateKey, url } = simulator
    demo = await startDemo({ GEETEST_ID: captchaId, GEETEST_KEY: privateKey, GEETEST_API_SERVER: url })
  })
  afterEach(() => simulator.fault('none'))
  afterAll(() => Promise.all([demo.stop(), simulator.stop()]))

  const ready = (page: Page) => reach(page, 'ready', 'login')
  const heading = (page: Page) => page.locator('.answer h1').innerText()

  async function visit(path = '/?lang=en', options?: Parameters<typeof open>[0]): Promise<Page> {
    const { page } = await open(options)
    await page.goto(demo.url + path)
    await ready(page)
    return page
  }

  async function logIn(page: Page, password = 'demo'): Promise<void> {
    await page.locator('#password').fill(password)
    await page.locator('#login .primary').click()
    await solve(page)
    await page.locator('.answer').waitFor()
  }

  it.each(PRODUCTS)('logs in with "%s"', async (product) => {
    const page = await visit(`/?lang=en&product=${product}`)
    await logIn(page)
    expect(await heading(page)).toBe('You are logged in')
  })

  it('answers a wrong password in words, and the way back leads to a fresh captcha', async () => {
    const page = await visit()
    await logIn(page, 'wrong')
    const words = await page.locator('.answer p').innerText()
    await page.getByRole('link').click()
    await ready(page)
    await logIn(page)
    expect([words, await heading(page)]).toEqual(['The user name or the password is wrong.', 'You are logged in'])
  })

  it('posts nothing again when its answer is reloaded: who is in stays in, who is not gets the form', async () => {
    const page = await visit()
    await logIn(page, 'wrong')
    await page.reload()
    await ready(page)
    await logIn(page)
    await page.reload()
    const { pathname } = new URL(page.url())
    expect([await heading(page), await page.title(), pathname]).toEqual([
      'You are logged in',
      'You are logged in',
      '/welcome',
    ])
  })

  it('has a fresh captcha for who comes by the back button', async () => {
    const page = await visit()
    await logIn(page, 'wrong')
    await page.goBack()
    await ready(page)
    await logIn(page)
    expect(await heading(page)).toBe('You are logged in')
  })

  it('says what to do when it is sent unsolved', async () => {
    const page = await visit('/?lang=en&product=embed')
    await page.locator('#password').fill('demo')
    await page.locator('#login .primary').click()
    await line(page, 'login').filter({ hasText: 'Please complete the captcha' }).waitFor()
    expect(page.url()).toBe(`${demo.url}/?lang=en&product=embed`)
  })

  it('answers 403 in words to a browser without scripts, which is told of them in both languages', async () => {
    const { page } = await open({ javaScriptEnabled: false })
    await page.goto(demo.url)
    const notices = await page.locator('.notice').allInnerTexts()
    await page.locator('#password').fill('demo')
    const [answer] = await Promise.all([page.waitForResponse(/login/), page.locator('#login .primary').click()])
    expect([notices, answer.status(), await heading(page)]).toEqual([
      [
        '验证需要 JavaScript。请在浏览器中启用后刷新本页。',
        'The captcha needs JavaScript. Please enable it in your browser and reload.',
      ],
      403,
      'Please complete the captcha first',
    ])
  })

  it('says that the captcha comes from a simulator', async () => {
    const page = await visit()
    await page.locator('#mode').filter({ hasText: 'Online · simulator' }).waitFor()
    expect(await page.locator('#mode').getAttribute('data-mode')).toBe('simulator')
  })

  it('leads to the classic integrations and back, in the same language', async () => {
    const page = await visit('/?lang=zh', { locale: 'en-US' })
    await page.getByRole('link', { name: '三种经典接入方式' }).click()
    await page.locator('#popup').waitFor()
    const title = await page.locator('#popup-title').innerText()
    const ofPage = await page.title()
    await page.getByRole('link', { name: '只用一个属性' }).click()
    await ready(page)
    expect([title, await page.locator('#login .primary').innerText()]).toEqual(['弹出式 · Ajax', '登录'])
    expect([ofPage, await page.title()]).toEqual(['极验三种经典接入', '极验登录示例'])
  })

  it('changes the product and keeps the language, and the other way round', async () => {
    const page = await visit('/?lang=zh')
    await page.getByRole('link', { name: '嵌入' }).click()
    await ready(page)
    await page.getByRole('link', { name: 'English' }).click()
    await ready(page)
    const chosen = page.locator('#products [aria-current]')
    expect([await chosen.innerText(), await page.locator('.source').innerText()]).toEqual([
      'Embed',
      expect.stringContaining('<form data-geetest data-product="embed" method'),
    ])
  })

  it('asks no host but the site and its cloud, and reports no error', async () => {
    const { page, exceptions, requests } = await open()
    page.on('console', (message) => void (message.type() === 'error' && exceptions.push(message.text())))
    await page.goto(demo.url)
    await ready(page)
    await logIn(page)
    const foreign = requests.filter((url) => ![demo.url, simulator.url].includes(new URL(url).origin))
    expect([exceptions, foreign]).toEqual([[], []])
  })

  it('runs under a Content-Security-Policy without inline code', async () => {
    const { page, exceptions } = await open()
    page.on('console', (message) => void (message.type() === 'error' && exceptions.push(message.text())))
    const site = await underPolicy(demo, `default-src 'self'; script-src 'self' ${simulator.url}`)
    try {
      await page.goto(site.origin)
      await ready(page)
      await logIn(page)
    } finally {
      await site.stop()
    }
    expect(exceptions).toEqual([])
  })

  it('works with the keyboard alone', async () => {
    const page = await visit('/?lang=en&product=bind')
    await page.focus('#password')
    await page.keyboard.type('demo')
    await page.keyboard.press('Enter')
    await solveByKeys(page)
    await page.locator('.answer').waitFor()
    expect(await heading(page)).toBe('You are logged in')
  })

  it.each(['zh', 'en'])('%s is accessible, in the opinion of axe', async (lang) => {
    const page = await visit(`/?lang=${lang}`)
    await page.locator('#mode[data-mode]').waitFor()
    expect(await complaints(page)).toEqual([])
  })

  it('is accessible when it is sent unsolved, in the opinion of axe', async () => {
    const page = await visit('/?lang=zh')
    await page.locator('#password').fill('demo')
    await page.locator('#login .primary').click()
    await page.locator('.geetest_slider_button').waitFor()
    expect(await complaints(page)).toEqual([])
  })
})
