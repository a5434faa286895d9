import type { Page } from 'playwright-core'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../../lib/simulator'
import { built, read } from './bundles'
import { waitFor } from './captcha'
import type { OpenTab, Tab } from './chromium'
import { html, script, startHost, type Host } from './host'

type Options = Parameters<OpenTab>[0]

const PAGE = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in</title><main><h1>Log in</h1>
<form id="form"><p><label>Name <input name="user"></label></p><div id="captcha"></div><p><button id="submit">Log in</button></p></form>
<div id="second"></div></main><script src="/gt4.js"></script>`

const EVENTS = ['Ready', 'NextReady', 'BoxShow', 'Success', 'Fail', 'Error', 'Close']

/**
 * Makes a captcha of version 4 in the page: `window.captcha`, its events in `window.happened`; what the loader tells
 * `onError` is there as `Failed`.
 *
 * @param then script that runs when the captcha is there; by default it is appended to `#captcha`
 */
export async function makeCaptcha4(page: Page, config: object, then = "captcha.appendTo('#captcha')"): Promise<void> {
  await page.evaluate(`new Promise(function (resolve) {
    window.happened = window.happened || []
    var config = ${JSON.stringify(config)}
    config.onError = function (error) { happened.push({ event: 'Failed', value: error }); resolve() }
    initGeetest4(config, function (captcha) {
      var events = ${JSON.stringify(EVENTS)}
      window.captcha = captcha
      events.forEach(function (event) {
        captcha['on' + event](function (value) {
          happened.push({ event: event, value: value, self: this === captcha })
        })
      })
      ${then}
      resolve()
    })
  })`)
}

/** What the loader told the page first. */
export const failureOf = async (page: Page): Promise<unknown> =>
  (await waitFor(page, 'Failed')).find(({ event }) => event === 'Failed')?.value

/** Pages with a captcha of version 4 on them, against one simulated cloud. */
export interface Stage4 {
  readonly simulator: Simulator
  /** Serves the page at `/`, and at `/strict` under a Content-Security-Policy without unsafe-inline. */
  readonly site: Host
  /** What the page needs of the configuration to reach the simulator. */
  readonly config: (more?: object) => Record<string, unknown>
  /** A page on which the captcha has been made. */
  readonly made: (config?: object, options?: Options, then?: string) => Promise<Tab>
  /** The same, ready to be used. */
  readonly ready: (config?: object, options?: Options, then?: string) => Promise<Page>
}

/** Sets the scene for the tests of a `describe`, and takes it down. */
export function setStage4(open: OpenTab, options?: SimulatorOptions): Stage4 {
  let scene: Pick<Stage4, 'simulator' | 'site'> | undefined
  const current = () => {
    if (scene === undefined) throw new Error('the scene is set in beforeAll')
    return scene
  }

  beforeAll(async () => {
    const simulator = createSimulator(options)
    await simulator.start()
    const policy = `default-src 'self'; script-src 'self' ${simulator.url}`
    const site = await startHost({
      '/': html(PAGE),
      '/strict': html(PAGE, { 'Content-Security-Policy': policy }),
      '/gt4.js': script(read(built.loader4)),
      '/gt4-offline.js': script(read(built.offline4)),
      '/gt-offline.js': script(read(built.offline)),
    })
    scene = { simulator, site }
  })
  afterAll(() => Promise.all([scene?.simulator.stop(), scene?.site.stop()]))
  afterEach(() => scene?.simulator.fault('none'))

  const stage: Stage4 = {
    get simulator() {
      return current().simulator
    },
    get site() {
      return current().site
    },
    config: (more = {}) => ({
      captchaId: current().simulator.captchaId,
      apiServers: [new URL(current().simulator.url).host],
      language: 'eng',
      ...more,
    }),
    made: async (config, options, then) => {
      const tab = await open(options)
      await tab.page.goto(current().site.origin)
      await makeCaptcha4(tab.page, stage.config(config), then)
      return tab
    },
    ready: async (config, options, then) => {
      const { page } = await stage.made(config, options, then)
      await waitFor(page, 'Ready')
      return page
    },
  }
  return stage
}
