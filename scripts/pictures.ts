// Takes README's pictures: the demo on a simulator, in Chromium, into docs/pictures/.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { startDemo } from '../__tests__/browser/support/demo'
import { drag, logIn, reach, status, submit, tamper, type, visit } from '../__tests__/browser/support/login-page'
import { createSimulator, type Simulator } from '../lib/simulator'

const folder = join(__dirname, '../docs/pictures')
const executablePath = [process.env.CHROMIUM_PATH ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)

interface Picture {
  readonly name: string
  readonly width: 1280 | 390
  readonly lang: 'zh' | 'en'
  /** Before the page is opened. */
  readonly prepare?: (simulator: Simulator) => Promise<void>
  /** A browser whose workers fall silent after so many answers: the work can be seen under way. */
  readonly answers?: number
  /** What the visitor does. */
  readonly act?: (page: Page) => Promise<void>
}

const outage = (simulator: Simulator) => simulator.fault('500', { endpoint: 'register' })
const box = (page: Page, id: string) => page.locator(`#${id} .geetest_checkbox`)

async function openPuzzle(page: Page): Promise<void> {
  await type(page, 'popup', 'demo')
  await submit(page, 'popup')
  await page.locator('.geetest_popup_wrap .geetest_slider_button').waitFor()
}

async function beRefused(page: Page): Promise<void> {
  await tamper(page)
  await logIn(page, 'popup')
  await status(page, 'popup')
    .filter({ hasText: /refused|未通过/ })
    .waitFor()
  await reach(page, 'popup', 'ready')
}

async function solveEmbed(page: Page): Promise<void> {
  await type(page, 'embed', 'demo')
  await drag(page, 'embed')
  await reach(page, 'embed', 'solved')
}

async function openOverlay(page: Page): Promise<void> {
  await type(page, 'mobile', 'demo')
  await submit(page, 'mobile')
  await page.locator('#mobile .geetest_slider_button').waitFor()
}

async function missGap(page: Page): Promise<void> {
  await drag(page, 'embed', -40)
  await page.locator('#embed .geetest_panel_fail .geetest_slider_button[aria-valuenow="0"]').waitFor()
}

/** Ticks the box of the downtime captcha, and catches it at work. */
async function workOn(page: Page): Promise<void> {
  await type(page, 'embed', 'demo')
  await box(page, 'embed').click()
  await page.locator('#embed [role=progressbar][aria-valuenow="65.625"]').waitFor()
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
  await type(page, 'embed', 'demo')
  await box(page, 'embed').click()
  await reach(page, 'embed', 'solved')
}

const pictures: readonly Picture[] = [
  { name: 'idle-1280', width: 1280, lang: 'zh' },
  { name: 'idle-en-1280', width: 1280, lang: 'en' },
  { name: 'popup-1280', width: 1280, lang: 'zh', act: openPuzzle },
  { name: 'solved-1280', width: 1280, lang: 'zh', act: solveEmbed },
  { name: 'refused-1280', width: 1280, lang: 'zh', act: beRefused },
  { name: 'idle-390', width: 390, lang: 'zh' },
  { name: 'overlay-390', width: 390, lang: 'zh', act: openOverlay },
  { name: 'missed-390', width: 390, lang: 'en', act: missGap },
  { name: 'solved-390', width: 390, lang: 'zh', act: solveEmbed },
  { name: 'refused-390', width: 390, lang: 'en', act: beRefused },
  {
    name: 'logged-in-390',
    width: 390,
    lang: 'zh',
    act: (page) => logIn(page, 'mobile').then(() => reach(page, 'mobile', 'done')),
  },
  // Last: the plugin remembers an outage for a while.
  { name: 'outage-idle-1280', width: 1280, lang: 'zh', prepare: outage },
  { name: 'outage-working-1280', width: 1280, lang: 'en', prepare: outage, act: workOn, answers: 21 },
  { name: 'outage-done-1280', width: 1280, lang: 'zh', prepare: outage, act: tick },
  {
    name: 'outage-idle-390',
    width: 390,
    lang: 'zh',
    prepare: outage,
    act: (page) => box(page, 'embed').scrollIntoViewIfNeeded(),
  },
  { name: 'outage-working-390', width: 390, lang: 'zh', prepare: outage, act: workOn, answers: 21 },
  { name: 'outage-done-390', width: 390, lang: 'en', prepare: outage, act: tick },
]

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const { name, width, lang, act } = picture
  const viewport = { width, height: width === 390 ? 844 : 980 }
  const page = await browser.newPage({ viewport, reducedMotion: 'reduce' })
  if (picture.answers) await page.addInitScript(silentAfter(picture.answers))
  await visit(page, `${url}/?lang=${lang}`)
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
      await picture.prepare?.(simulator)
      await take(browser, demo.url, picture)
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
