import type { Browser, BrowserContext, BrowserContextOptions, LaunchOptions, Page } from 'playwright-core'
import { describeWith } from '../../support/program'
import { engine } from './engine'
import { ENDPOINT } from './shared-browser'

/** This machine; by its name it is an origin like any other on plain http: no secure context. */
const LOCAL = new Set(['127.0.0.1', 'login.example'])
/** Milliseconds that only a hang reaches, however busy the machine is. */
const [WAIT, TEST] = [60_000, 180_000]

/** A page, and what went wrong and over the network in it. */
export interface Tab {
  readonly page: Page
  /** Exceptions that nobody caught. */
  readonly exceptions: string[]
  /** Addresses of all requests, in order. */
  readonly requests: string[]
}

export const chromiumPath = engine.program
export const ADVICE = engine.advice

export type OpenTab = (options?: BrowserContextOptions) => Promise<Tab>

type Launch = Pick<LaunchOptions, 'ignoreDefaultArgs'>

/**
 * A `describe` whose tests drive the browser; each `open()` gives a page in a context of its own, closed after the test.
 * Only loopback can be reached. Without the browser the tests fail under CI and are skipped, aloud, elsewhere.
 *
 * @param launch starts a browser of its own that way; all others share the one that the run has started
 */
export function describeInChromium(name: string, define: (open: OpenTab) => void, launch?: Launch): void {
  const declare = describeWith(engine.program, name, engine.advice)

  jest.setTimeout(TEST)

  declare(name, () => {
    let browser: Browser | undefined
    const contexts: BrowserContext[] = []

    beforeAll(async () => {
      browser = launch === undefined ? await connect() : await start(launch)
    })
    afterAll(() => browser?.close())
    afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())))

    define(async (options = {}) => {
      if (browser === undefined) throw new Error(engine.advice)
      if (!browser.isConnected()) throw new Error(GONE)
      const context = await browser.newContext({ locale: 'en-US', ...options })
      contexts.push(context)
      context.setDefaultTimeout(WAIT)
      return watch(await context.newPage())
    })
  })
}

const GONE = `${engine.name} has ended, and all tests after that fail: the run shares one. Its last words are in the output of the run`

async function connect(): Promise<Browser> {
  if (engine.program === undefined) throw new Error(engine.advice)
  const endpoint = process.env[ENDPOINT]
  if (!endpoint)
    throw new Error(`${ENDPOINT} is not set: the project in jest.config.js needs the globalSetup of "browser"`)
  try {
    return await engine.type.connect(endpoint, { timeout: WAIT })
  } catch (error) {
    throw new Error(GONE, { cause: error })
  }
}

function start(launch: Launch): Promise<Browser> {
  if (engine.program === undefined) throw new Error(engine.advice)
  return engine.type.launch({ executablePath: engine.program, args: [...engine.flags], timeout: WAIT, ...launch })
}

async function watch(page: Page): Promise<Tab> {
  const tab: Tab = { page, exceptions: [], requests: [] }
  page.on('pageerror', (error) => tab.exceptions.push(error.message))
  page.on('request', (request) => tab.requests.push(request.url()))
  await page.route(
    (url) => url.protocol !== 'file:' && !LOCAL.has(url.hostname),
    (route) => route.abort(),
  )
  return tab
}
