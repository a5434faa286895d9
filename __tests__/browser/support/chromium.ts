import type { Browser, BrowserContext, BrowserContextOptions, LaunchOptions } from 'playwright-core'
import { describeWith } from '../../support/program'
import { engine } from './engine'
import { openRoom, type Room } from './room'
import { ENDPOINT } from './shared-browser'
import { watch, type Tab } from './tab'

/** Milliseconds that only a hang reaches, however busy the machine is. */
const [WAIT, TEST] = [60_000, 180_000]

export type { Tab } from './tab'

export const chromiumPath = engine.program
export const ADVICE = engine.advice

export type OpenTab = (options?: BrowserContextOptions) => Promise<Tab>

type Launch = Pick<LaunchOptions, 'ignoreDefaultArgs'>

/**
 * A `describe` whose tests drive the browser; each `open()` gives a page of its own, closed after the test, and nothing that
 * a site has stored stays for the next. Only loopback can be reached. Without the browser the tests fail under CI and are
 * skipped, aloud, elsewhere.
 *
 * @param launch starts a browser of its own, with windows, that way; all others share the one that the run has started
 */
export function describeInChromium(name: string, define: (open: OpenTab) => void, launch?: Launch): void {
  const program = launch === undefined ? engine.program : engine.windowed
  const declare = describeWith(program, name, engine.advice)

  jest.setTimeout(TEST)

  declare(name, () => {
    let browser: Browser | undefined
    let room: Room | undefined
    const contexts: BrowserContext[] = []
    const running = (): Browser => {
      if (browser === undefined) throw new Error(engine.advice)
      return browser
    }

    beforeAll(async () => {
      browser = launch === undefined ? await connect() : await start(launch)
    })
    afterAll(() => browser?.close())
    afterEach(async () => {
      await Promise.all([...contexts.splice(0).map((context) => context.close()), room?.empty()])
      if (room?.spoiled) room = undefined
    })

    define(async (options = {}) => {
      if (Object.keys(options).length === 0) {
        room ??= await openRoom(() => newContext(running(), options))
        return room.open()
      }
      const context = await newContext(running(), options)
      contexts.push(context)
      return watch(await context.newPage())
    })
  })
}

/** Visitors who want little motion, unless a test says otherwise: what waits for an animation need not be waited for. */
async function newContext(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser
    .newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options })
    .catch((error: unknown) => {
      throw /closed/.test(String(error)) ? new Error(GONE) : error
    })
  context.setDefaultTimeout(WAIT)
  return context
}

const GONE = `${engine.name} has ended, and all tests after that fail, for the files of a run share one: run them again`

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
  if (engine.windowed === undefined) throw new Error(engine.advice)
  return engine.type.launch({ executablePath: engine.windowed, args: [...engine.flags], timeout: WAIT, ...launch })
}
