import type { Page } from 'playwright-core'
import { describeInChromium, type Tab } from './support/chromium'
import { solve, solveByKeys } from './support/form-page'
import { setPages4, title, type Written } from './support/pages-v4'

/** The vendor's loader from the vendor's address, and jQuery, as its documentation has them. */
const VENDOR = '<script src="/jquery.js"></script><script src="https://static.geetest.com/v4/gt4.js"></script>'
/** The same with the one change that our README asks for. In an outage the site is found by where gt4.js came from. */
const OURS = VENDOR.replace('https://static.geetest.com/v4', '')

const SEND = `function send(captcha, result) {
  $.ajax({
    url: '/login',
    type: 'post',
    dataType: 'json',
    data: $.extend({ password: $('#password').val() }, result),
    success: function (data) {
      if (data.result === 'success') document.title = data.mode
      else {
        captcha.reset()
        document.title = data.result
      }
    },
    error: function (response) { document.title = response.status },
  })
}`

/** "Deploy the client", float and popup: the button of the page sends what the captcha has. */
const BUTTON = (product: string): string => `${SEND}
initGeetest4({
  captchaId: captchaId,
  product: '${product}',
}, function (captcha) {
  captcha.appendTo('#captcha')
  $('#btn').click(function () {
    var result = captcha.getValidate()
    if (!result) return document.title = 'unsolved'
    result.captcha_id = captchaId
    send(captcha, result)
  })
})`

/** The official demo: sends at once; "bind" is drawn nowhere, though the demo appends it all the same. */
const DEMO = (product: string): string => `${SEND}
var product = '${product}'
if (product !== 'bind') $('#btn').remove()
initGeetest4({ captchaId: captchaId, product: product }, function (gt) {
  window.gt = gt
  gt.appendTo('#captcha').onSuccess(function (e) {
    var result = gt.getValidate()
    send(gt, result)
  })
  $('#btn').click(function () { gt.showBox() })
})`

/** "Deploy the client", bind. */
const BIND = `${SEND}
initGeetest4({
  captchaId: captchaId,
  product: 'bind',
}, function (captcha) {
  captcha.onReady(function () {
    document.title = 'ready'
  }).onSuccess(function () {
    var result = captcha.getValidate()
    if (!result) return document.title = 'unsolved'
    result.captcha_id = captchaId
    send(captcha, result)
  }).onError(function (error) {
    document.title = error.code
  })
  $('#btn').click(function () { captcha.showCaptcha() })
})`

/** As sites have it that show the check as soon as it is there. */
const AT_ONCE = BIND.replace("document.title = 'ready'", 'captcha.showBox()')

interface Case {
  readonly script: string
  /** What opens the check: the captcha's own bar, the button of the page, or nothing. */
  readonly by: 'bar' | 'button' | 'itself'
  /** Whether the button of the page sends. */
  readonly sends?: true
}

const CASES: Record<string, Case> = {
  float: { script: BUTTON('float'), by: 'bar', sends: true },
  popup: { script: BUTTON('popup'), by: 'bar', sends: true },
  bind: { script: BIND, by: 'button' },
  'demo-float': { script: DEMO('float'), by: 'bar' },
  'demo-popup': { script: DEMO('popup'), by: 'bar' },
  'demo-bind': { script: DEMO('bind'), by: 'button' },
  'at-once': { script: AT_ONCE, by: 'itself' },
}
const cases = Object.entries(CASES)

const BASED = DEMO('float').replace('product: product', "product: product, base: '/'")

const written = Object.fromEntries(
  cases.flatMap(([name, { script }]): Array<[string, Written]> => [
    [name, { head: VENDOR, script }],
    [`${name}-ours`, { head: OURS, script }],
  ]),
)

const bar = (page: Page) => page.locator('.geetest_radar_btn')
const button = (page: Page) => page.locator('#btn')
const slider = (page: Page) => page.locator('.geetest_slider_button:visible')
const box = (page: Page) => page.getByRole('checkbox')
const password = (page: Page, value: string) => page.locator('#password').fill(value)

written.based = { head: VENDOR, script: BASED }

describeInChromium('pages of version 4, written as the vendor’s documentation has them', (open) => {
  const site = setPages4(open, written)

  /** A page whose button the visitor may press: what it does is set with the captcha. */
  async function visit(name: string, { by }: Case): Promise<Tab> {
    const tab = await site.visit(name)
    if (by === 'button') await tab.page.waitForFunction("document.title === 'ready' || window.gt !== undefined")
    return tab
  }

  /** Until the check can be solved. */
  async function reach(page: Page, { by }: Case): Promise<void> {
    if (by === 'bar') await bar(page).click()
    else if (by === 'button') await button(page).click()
    await slider(page).waitFor()
  }
  /** The button of a page that sends by button is pressed once the captcha has said that it is solved. */
  async function send(page: Page, { sends }: Case): Promise<void> {
    if (!sends) return
    await page.locator('.geetest_holder.geetest_success').waitFor()
    await button(page).click()
  }

  /** In an outage the checkbox stands where the bar would; what a page opens begins by itself. */
  async function check(page: Page, { by }: Case): Promise<void> {
    if (by === 'bar') await box(page).click()
    else if (by === 'button') await button(page).click()
  }

  describe.each(cases)('%s', (name, how) => {
    test('is solved with the mouse, taken by the guard, and starts over after a login that failed', async () => {
      const { page, exceptions } = await visit(name, how)
      await password(page, 'wrong')
      await reach(page, how)
      await solve(page)
      await send(page, how)
      await title(page, 'fail')
      await again(page, how)
      expect([await title(page, 'online'), exceptions]).toEqual(['online', []])
    })
  })

  /** A panel that has just been solved stays open through a reset, as long as its success was to be seen. */
  async function again(page: Page, how: Case): Promise<void> {
    if (await slider(page).isVisible()) await page.evaluate("document.querySelector('#password').value = 'right'")
    else {
      await password(page, 'right')
      // What opened by itself opens once; after that it is the page's button.
      await reach(page, how.by === 'itself' ? { ...how, by: 'button' } : how)
    }
    await solve(page)
    await send(page, how)
  }

  describe.each(cases)('%s in an outage', (name, how) => {
    beforeEach(() => site.simulator.fault('refuse'))

    test('is solved with the mouse, taken by the guard, and starts over after a login that failed', async () => {
      const { page, exceptions } = await visit(`${name}-ours`, how)
      await password(page, 'wrong')
      await check(page, how)
      await send(page, how)
      await title(page, 'fail')
      await password(page, 'right')
      if (how.by === 'itself') await button(page).click()
      else await check(page, how)
      await send(page, how)
      expect([await title(page, 'proof-of-work'), exceptions]).toEqual(['proof-of-work', []])
    })
  })

  // The official demo is reached by the same keys as the pages above it.
  const byKeys = cases.filter(([name]) => !name.startsWith('demo-'))

  test.each(byKeys)('%s is solved with the keyboard alone', async (name, how) => {
    const { page } = await visit(name, how)
    if (how.by === 'bar') await bar(page).press('Enter')
    else if (how.by === 'button') await button(page).press('Enter')
    await solveByKeys(page)
    if (how.sends) {
      await page.locator('.geetest_holder.geetest_success').waitFor()
      await button(page).press('Enter')
    }
    expect(await title(page, 'online')).toBe('online')
  })

  test.each(byKeys)('%s in an outage is solved with the keyboard alone', async (name, how) => {
    await site.simulator.fault('refuse')

    const { page } = await visit(`${name}-ours`, how)
    if (how.by === 'bar') await box(page).press('Space')
    else if (how.by === 'button') await button(page).press('Enter')
    await send(page, how)
    expect(await title(page, 'proof-of-work')).toBe('proof-of-work')
  })

  test('where the vendor’s address still serves gt4.js in an outage, `base` says where the site is', async () => {
    await site.simulator.fault('refuse')
    const { page } = await site.visit('based')
    await box(page).click()
    expect(await title(page, 'proof-of-work')).toBe('proof-of-work')
  })
})
