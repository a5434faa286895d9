import { chromium, type Browser, type BrowserContextOptions, type LaunchOptions, type Page } from 'playwright-core'
import { describeWith, findProgram } from '../../support/program'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP login.example 127.0.0.1',
]
/** This machine; by its name it is an origin like any other on plain http: no secure context. */
const LOCAL = new Set(['127.0.0.1', 'login.example'])
export const ADVICE = 'no Chromium found: install Debian\'s "chromium" or set CHROMIUM_PATH to the program'

/** A page, and what went wrong and over the network in it. */
export interface Tab {
  readonly page: Page
  /** Exceptions that nobody caught. */
  readonly exceptions: string[]
  /** Addresses of all requests, in order. */
  readonly requests: string[]
}

export const chromiumPath = findProgram(process.env.CHROMIUM_PATH, ...NAMES)

export type OpenTab = (options?: BrowserContextOptions) => Promise<Tab>

/**
 * A `describe` whose tests drive Chromium; each `open()` gives a page of its own, closed after the test. Only loopback
 * can be reached. Without Chromium the tests fail under CI and are skipped, aloud, elsewhere.
 *
 * @param launch how else the browser is started
 */
export function describeInChromium(
  name: string,
  define: (open: OpenTab) => void,
  launch: Pick<LaunchOptions, 'ignoreDefaultArgs'> = {},
): void {
  const declare = describeWith(chromiumPath, name, ADVICE)

  // A busy machine is no failure: waiting has its own, shorter limits.
  jest.setTimeout(30_000)

  declare(name, () => {
    let browser: Browser | undefined

    beforeAll(async () => {
      if (chromiumPath === undefined) throw new Error(ADVICE)
      browser = await chromium.launch({ executablePath: chromiumPath, args: FLAGS, ...launch })
    })
    afterAll(() => browser?.close())
    afterEach(() => Promise.all((browser?.contexts() ?? []).map((context) => context.close())))

    define(async (options = {}) => {
      if (browser === undefined) throw new Error(ADVICE)
      const context = await browser.newContext({ locale: 'en-US', ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(10_000)
      return watch(page)
    })
  })
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
