// Takes README's pictures: the demo on a simulator, in Chromium, into docs/pictures/.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { startDemo } from '../__tests__/browser/support/demo'
import { reach as reachForm, solve } from '../__tests__/browser/support/form-page'
import { bar, logIn, reach, slider, status, submit, tamper, type, visit } from '../__tests__/browser/support/login-page'
import { createSimulator, type Simulator } from '../lib/simulator'

const folder = join(__dirname, '../docs/pictures')
const executablePath = [process.env.CHROMIUM_PATH ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)

interface Picture {
  readonly name: string
  readonly width: 1280 | 390
  readonly lang: 'zh' | 'en'
  /** The form helper's product on the first page; the classic integrations are on the other. Default: float. */
  readonly product?: 'popup' | 'embed' | 'bind' | 'classic'
  /** Before the page is opened. */
  readonly prepare?: (simulator: Simulator, page: Page) => Promise<unknown>
  /** A browser whose workers fall silent after so many answers: the work can be seen under way. */
  readonly answers?: number
  /** What the page comes to. Default: a captcha that can be used. */
  readonly state?: 'ready' | 'error'
  /** What the visitor does. */
  readonly act?: (page: Page) => Promise<void>
}

const outage = (simulator: Simulator) => simulator.fault('500', { endpoint: 'register' })
const box = (page: Page) => page.locator('#login [type=checkbox]')

async function press(page: Page): Promise<void> {
  await page.locator('#password').fill('demo')
  await page.locator('#login .primary').click()
}

async function openPuzzle(page: Page): Promise<void> {
  await press(page)
  await page.locator('.geetest_slider_button:visible').waitFor()
}

async function solvePuzzle(page: Page): Promise<void> {
  await page.locator('#password').fill('demo')
  await page.locator('#login .geetest_radar_btn').click()
  await solve(page)
  await reachForm(page, 'solved', 'login')
}

async function pass(page: Page): Promise<void> {
  await press(page)
  await solve(page)
  await page.locator('.answer').waitFor()
}

/** What an extension does that blocks the loader. */
const block = (_simulator: Simulator, page: Page) => page.route('**/gt.js', (route) => route.abort())

async function beRefused(page: Page): Promise<void> {
  await tamper(page)
  await logIn(page, 'popup')
  await status(page, 'popup')
    .filter({ hasText: /refused|未通过/ })
    .waitFor()
  await reach(page, 'popup', 'ready')
}

async function openOverlay(page: Page): Promise<void> {
  await type(page, 'mobile', 'demo')
  await submit(page, 'mobile')
  await bar(page, 'mobile').click()
  await slider(page, 'mobile').waitFor()
}

async function missGap(page: Page): Promise<void> {
  await solve(page, '', -40)
  await page.locator('.geetest_panel_fail .geetest_slider_button[aria-valuenow="0"]').waitFor()
}

/** Ticks the box of the downtime captcha, and catches it at work. */
async function workOn(page: Page): Promise<void> {
  await page.locator('#password').fill('demo')
  await box(page).click()
  await page.locator('#login [role=progressbar][aria-valuenow="65.625"]').waitFor()
}

const silentAfter = (answers: number): string => `window.Worker = (function (Real) {
  return function (url) {
    var worker = new Real(url)
    var left = ${answers}
    worker.addEventListener('message', function (event) {
      if (left-- <= 0) event.stopImmediatePropagation()
    })
    return worker
  }
})(window.Worker)`

async function tick(page: Page): Promise<void> {
  await page.locator('#password').fill('demo')
  await box(page).click()
  await reachForm(page, 'solved', 'login')
}

const pictures: readonly Picture[] = [
  { name: 'idle-1280', width: 1280, lang: 'zh' },
  { name: 'idle-en-1280', width: 1280, lang: 'en' },
  { name: 'popup-1280', width: 1280, lang: 'zh', product: 'popup', act: openPuzzle },
  { name: 'solved-1280', width: 1280, lang: 'zh', product: 'embed', act: solvePuzzle },
  { name: 'blocked-1280', width: 1280, lang: 'en', prepare: block, state: 'error' },
  { name: 'idle-390', width: 390, lang: 'zh' },
  { name: 'bind-390', width: 390, lang: 'en', product: 'bind', act: openPuzzle },
  { name: 'missed-390', width: 390, lang: 'en', product: 'embed', act: missGap },
  { name: 'blocked-390', width: 390, lang: 'zh', prepare: block, state: 'error' },
  { name: 'logged-in-390', width: 390, lang: 'zh', act: pass },
  { name: 'classic-1280', width: 1280, lang: 'zh', product: 'classic' },
  { name: 'refused-1280', width: 1280, lang: 'zh', product: 'classic', act: beRefused },
  { name: 'overlay-390', width: 390, lang: 'zh', product: 'classic', act: openOverlay },
  { name: 'refused-390', width: 390, lang: 'en', product: 'classic', act: beRefused },
  // Last: the plugin remembers an outage for a while.
  { name: 'outage-idle-1280', width: 1280, lang: 'zh', prepare: outage },
  { name: 'outage-working-1280', width: 1280, lang: 'en', prepare: outage, act: workOn, answers: 21 },
  { name: 'outage-done-1280', width: 1280, lang: 'zh', prepare: outage, act: tick },
  { name: 'outage-unsolved-1280', width: 1280, lang: 'en', prepare: outage, act: press },
  { name: 'outage-idle-390', width: 390, lang: 'zh', prepare: outage },
  { name: 'outage-working-390', width: 390, lang: 'zh', prepare: outage, act: workOn, answers: 21 },
  { name: 'outage-done-390', width: 390, lang: 'en', prepare: outage, act: tick },
]

async function take(browser: Browser, url: string, picture: Picture, simulator: Simulator): Promise<void> {
  const { name, width, lang, product = 'float', state = 'ready', prepare, act } = picture
  const classic = product === 'classic'
  const viewport = { width, height: width === 390 ? 844 : classic ? 980 : 760 }
  const page = await browser.newPage({ viewport, reducedMotion: 'reduce' })
  await prepare?.(simulator, page)
  if (picture.answers) await page.addInitScript(silentAfter(picture.answers))
  if (classic) await visit(page, `${url}/?lang=${lang}`)
  else {
    await page.goto(`${url}/?lang=${lang}&product=${product}`)
    await reachForm(page, state, 'login')
    if (state === 'ready') await page.locator('#mode[data-mode]').waitFor()
  }
  await act?.(page)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  await page.close()
}

async function main(): Promise<void> {
  if (executablePath === undefined) throw new Error('no Chromium found: set CHROMIUM_PATH to the program')
  mkdirSync(folder, { recursive: true })
  const simulator = createSimulator()
  await simulator.start()
  const { captchaId, privateKey, url } = simulator
  const account = { GEETEST_ID: captchaId, GEETEST_KEY: privateKey, GEETEST_API_SERVER: url }
  const demo = await startDemo(account)
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    for (const picture of pictures) {
      await take(browser, demo.url, picture, simulator)
      await simulator.fault('none')
      console.log(`docs/pictures/${picture.name}.png`)
    }
  } finally {
    await Promise.all([browser.close(), demo.stop(), simulator.stop()])
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
