import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../../lib/simulator'
import { built, read } from './bundles'
import type { OpenTab, Tab } from './chromium'
import { html, script, startHost, type Host } from './host'

/** An event of the captcha, in the order in which handlers were called. */
export interface Happened {
  readonly event: string
  readonly value?: { code: string; msg: string; user_error: string } & Record<string, unknown>
}

/** A page of a site, and the simulated cloud behind it. */
export interface Scene {
  readonly simulator: Simulator
  /** Serves the page at `/`, and at `/strict` under a Content-Security-Policy without unsafe-inline. */
  readonly site: Host
  /** A challenge as a server would hand it to a page. */
  challenge(): Promise<string>
  /** What the page needs of the configuration to reach the simulator. */
  config(more?: object): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

const PAGE = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in</title><main><h1>Log in</h1>
<form id="form"><p><label>Name <input name="user"></label></p><div id="captcha"></div><p><button id="submit">Log in</button></p></form>
<div id="second"></div><div id="third"></div><div id="area"></div></main><script src="/gt.js"></script>`

export async function setScene(options?: SimulatorOptions): Promise<Scene> {
  const loader = read(built.loader)
  const simulator = createSimulator(options)
  await simulator.start()
  const policy = `default-src 'self'; script-src 'self' ${simulator.url}`
  const site = await startHost({
    '/': html(PAGE),
    '/strict': html(PAGE, { 'Content-Security-Policy': policy }),
    '/gt.js': script(loader),
  })

  async function challenge(): Promise<string> {
    const answer = await fetch(`${simulator.url}/register.php?gt=${simulator.captchaId}&json_format=1`)
    const body = (await answer.json()) as { challenge: string }
    return createHash('md5')
      .update(body.challenge + simulator.privateKey)
      .digest('hex')
  }

  return {
    simulator,
    site,
    challenge,
    config: async (more = {}) => ({
      gt: simulator.captchaId,
      challenge: await challenge(),
      new_captcha: true,
      api_server: new URL(simulator.url).host,
      lang: 'en',
      ...more,
    }),
    stop: async () => {
      await Promise.all([simulator.stop(), site.stop()])
    },
  }
}

const EVENTS = ['Ready', 'NextReady', 'BoxShow', 'Success', 'Fail', 'Error', 'Close', 'Refresh', 'StatusChange']

/**
 * Makes a captcha in the page: `window.captcha`, its events in `window.happened`.
 *
 * @param then script that runs when the captcha is there; by default it is appended to `#captcha`
 */
export async function makeCaptcha(page: Page, config: object, then = "captcha.appendTo('#captcha')"): Promise<void> {
  await page.evaluate(`new Promise(function (resolve) {
    window.happened = []
    initGeetest(${JSON.stringify(config)}, function (captcha) {
      var events = ${JSON.stringify(EVENTS)}
      window.captcha = captcha
      events.forEach(function (event) {
        if (captcha['on' + event]) captcha['on' + event](function (value) { happened.push({ event: event, value: value }) })
      })
      ${then}
      resolve()
    })
  })`)
}

/** Waits until an event has happened `times` times; gives all that has happened so far. */
export async function waitFor(page: Page, event: string, times = 1): Promise<Happened[]> {
  await page.waitForFunction(
    `happened.filter(function (one) { return one.event === '${event}' }).length >= ${times}`,
    undefined,
    { polling: 20 },
  )
  return page.evaluate<Happened[]>('JSON.parse(JSON.stringify(happened))')
}

export const bar = (page: Page): Locator => page.locator('.geetest_radar_btn')
export const panel = (page: Page): Locator => page.locator('.geetest_panel')
export const handle = (page: Page): Locator => page.locator('.geetest_slider_button')
/** The line that says what goes on. */
export const line = (page: Page): Locator => page.locator('.geetest_result')

export interface Place {
  readonly x: number
  readonly y: number
  /** Pixels to drag. */
  readonly gap: number
}

/** The centre of the handle, and how far it is to the gap. */
export async function place(page: Page): Promise<Place> {
  await handle(page).waitFor()
  const box = await handle(page).boundingBox()
  if (box === null) throw new Error('the handle is not to be seen')
  const gap = Number(await handle(page).getAttribute('data-gap'))
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, gap }
}

/** Drags the piece with the mouse. @param beside pixels that it misses the gap by */
export async function drag(page: Page, beside = 0): Promise<void> {
  const { x, y, gap } = await place(page)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + gap / 2, y + 3)
  await page.mouse.move(x + gap + beside, y, { steps: 3 })
  await page.mouse.up()
}

/** Runs axe on the page; gives what it complains about. */
export async function complaints(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'))
  return page.evaluate<string[]>(
    'axe.run().then(function (r) { return r.violations.map(function (v) { return v.id + ": " + v.nodes[0].html }) })',
  )
}

type Options = Parameters<OpenTab>[0]

/** Pages with a captcha on them, each against the same simulated cloud. */
export interface Stage {
  readonly scene: Scene
  /** A page on which the captcha has been made. */
  readonly made: (config?: object, options?: Options, then?: string) => Promise<Tab>
  /** The same, ready to be used. */
  readonly ready: (config?: object, options?: Options, then?: string) => Promise<Page>
  /** The same, a popup that is open. */
  readonly opened: (config?: object, options?: Options) => Promise<Page>
}

/** Opens the check as a visitor does who presses the bar. */
export async function pressBar(page: Page): Promise<void> {
  await bar(page).click()
  await handle(page).waitFor()
}

/** Sets the scene for the tests of a `describe`, and takes it down. */
export function setStage(open: OpenTab, simulator?: SimulatorOptions): Stage {
  let scene: Scene | undefined
  const current = () => {
    if (scene === undefined) throw new Error('the scene is set in beforeAll')
    return scene
  }

  beforeAll(async () => {
    scene = await setScene(simulator)
  })
  afterAll(() => scene?.stop())
  afterEach(() => scene?.simulator.fault('none'))

  const stage: Stage = {
    get scene() {
      return current()
    },
    made: async (config, options, then) => {
      const tab = await open(options)
      await tab.page.goto(current().site.origin)
      await makeCaptcha(tab.page, await current().config(config), then)
      return tab
    },
    ready: async (config, options, then) => {
      const { page } = await stage.made(config, options, then)
      await waitFor(page, 'Ready')
      return page
    },
    opened: async (config, options) => {
      const page = await stage.ready({ product: 'popup', ...config }, options)
      await pressBar(page)
      return page
    },
  }
  return stage
}

export const names = (happened: Happened[]): string[] => happened.map(({ event }) => event)

/** Calls a method of the captcha. */
export const act = (page: Page, call: string): Promise<unknown> => page.evaluate(`captcha.${call}`)

/** What `onError` was given first. */
export async function errorOf(page: Page): Promise<Happened['value']> {
  return (await waitFor(page, 'Error')).find(({ event }) => event === 'Error')?.value
}

/** The hidden inputs. */
export const inputs = (page: Page, within = '.geetest_form'): Promise<Array<Record<string, string>>> =>
  page.$$eval(`${within} input`, (list) =>
    list.map((input) => {
      const { type = '', name = '', className = '', value = '' } = input as unknown as Record<string, string>
      return { type, name, className, value }
    }),
  )
