import { chromium, type BrowserType } from 'playwright-core'
import { findProgram } from '../../support/program'

/** The browser that the tests drive: everything that depends on which one it is. */
interface Engine {
  readonly name: string
  readonly type: BrowserType
  /** The program's path; undefined where it is not installed. */
  readonly program: string | undefined
  /** One with windows, for what the other cannot do: it keeps no page that was left. */
  readonly windowed: string | undefined
  readonly flags: readonly string[]
  /** What to do where it is not installed. */
  readonly advice: string
}

const WINDOWED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

export const engine: Engine = {
  name: 'Chromium',
  type: chromium,
  // Where there is the same engine without windows, a page costs less than half.
  program: findProgram(process.env.CHROMIUM_PATH, 'chromium-headless-shell', 'chrome-headless-shell', ...WINDOWED),
  windowed: findProgram(process.env.CHROMIUM_PATH, ...WINDOWED),
  flags: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // No page here embeds another site's: one process a context, and no spare one that stands ready and is thrown away.
    '--disable-site-isolation-trials',
    '--process-per-site',
    '--renderer-process-limit=1',
    '--in-process-gpu',
    // No host can be reached but this machine; by its name it is an origin like any other on plain http: no secure context.
    '--host-resolver-rules=MAP login.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ],
  advice: 'no Chromium found: install Debian\'s "chromium" or set CHROMIUM_PATH to the program',
}
