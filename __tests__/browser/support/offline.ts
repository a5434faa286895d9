import { randomBytes } from 'node:crypto'
import type { Locator, Page } from 'playwright-core'
import { readAnswer } from '../../../lib/answer'
import { localChallenge } from '../../../lib/downtime'
import { BASE_HASHES } from '../../../lib/downtime/difficulty'
import { allow, deny } from '../../../lib/downtime/open-and-closed'
import { proofOfWork } from '../../../lib/downtime/proof-of-work'
import { built, read } from './bundles'
import { makeCaptcha, waitFor } from './captcha'
import type { OpenTab, Tab } from './chromium'
import { html, script, startHost, type Host } from './host'

type Options = Parameters<OpenTab>[0]

const PAGE = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in</title><main><h1>Log in</h1>
<form id="form"><p><label>Name <input name="user"></label></p><div id="captcha"></div><p><button id="submit">Log in</button></p></form>
<div id="second"></div><div id="area"></div></main><script src="/gt.js"></script>`

const privateKey = '0123456789abcdef0123456789abcdef'
/** By average tries for each of the 32 puzzles. */
const work = (hashes: number) => proofOfWork({ privateKey, hashes })

/** Challenges as the server would issue them: `long` is long enough to be cancelled, `endless` is no test's to wait for. */
export const challenges = {
  quick: () => localChallenge(work(64), randomBytes),
  normal: () => localChallenge(work(BASE_HASHES), randomBytes),
  long: () => localChallenge(work(2 ** 16), randomBytes),
  endless: () => localChallenge(work(2 ** 20), randomBytes),
  allow: () => localChallenge(allow, randomBytes),
  deny: () => localChallenge(deny, randomBytes),
}
export type Kind = keyof typeof challenges

/** Whether the server would take the three fields. */
export function isSolved(fields: unknown): boolean {
  const answer = readAnswer(fields)
  return typeof answer === 'object' && work(1).verify(answer) === true
}

export const box = (page: Page): Locator => page.getByRole('checkbox')
export const cancel = (page: Page): Locator => page.locator('.geetest_close')
/** The line that says what goes on. */
export const says = (page: Page): Locator => page.locator('.geetest_result')
export const progress = (page: Page): Locator => page.getByRole('progressbar')

/** Waits until the line says it. */
export const hear = (page: Page, text: string | RegExp): Promise<void> =>
  says(page).filter({ hasText: text }).first().waitFor()

/** A site in an outage: pages with the downtime widget on them. */
export interface Stage {
  readonly site: Host
  /** A page on which the captcha has been made. */
  readonly made: (kind: Kind, config?: object, then?: string, options?: Options) => Promise<Tab>
  /** The same, ready to be used. */
  readonly ready: (kind: Kind, config?: object, then?: string, options?: Options) => Promise<Page>
  /** The same on another path of the site, after `prepare`. */
  readonly at: (path: string, kind: Kind, prepare?: (page: Page) => Promise<unknown>, config?: object) => Promise<Tab>
}

export const configOf = (challenge: string, more: object = {}): object => ({
  gt: '0123456789abcdef0123456789abcdef',
  challenge,
  offline: true,
  new_captcha: true,
  lang: 'en',
  ...more,
})

/** Sets the site up for the tests of a `describe`, and takes it down. */
export function setOffline(open: OpenTab): Stage {
  let host: Host | undefined
  const site = () => {
    if (host === undefined) throw new Error('the site is set up in beforeAll')
    return host
  }

  beforeAll(async () => {
    const policy = (value: string) => html(PAGE, { 'Content-Security-Policy': value })
    host = await startHost({
      '/': html(PAGE),
      '/strict': policy("default-src 'self'"),
      '/no-worker': policy("default-src 'self'; worker-src 'none'"),
      '/gt.js': script(read(built.loader)),
      '/gt-offline.js': script(read(built.offline)),
      '/gt-words.js': script(read(built.words)),
      // What the plugin answers beside its scripts, for a captcha that starts over.
      '/getcaptcha': (response) => {
        const issue = {
          success: 0,
          gt: '0123456789abcdef0123456789abcdef',
          challenge: challenges.quick(),
          new_captcha: true,
        }
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(issue))
      },
    })
  })
  afterAll(() => host?.stop())

  const stage: Stage = {
    get site() {
      return site()
    },
    made: async (kind, config, then, options) => {
      const tab = await open(options)
      await tab.page.goto(site().origin)
      await makeCaptcha(tab.page, configOf(challenges[kind](), config), then)
      return tab
    },
    ready: async (kind, config, then, options) => {
      const { page } = await stage.made(kind, config, then, options)
      await waitFor(page, 'Ready')
      return page
    },
    at: async (path, kind, prepare, config) => {
      const tab = await open()
      await prepare?.(tab.page)
      await tab.page.goto(site().origin + path)
      await makeCaptcha(tab.page, configOf(challenges[kind](), config))
      await waitFor(tab.page, 'Ready')
      return tab
    },
  }
  return stage
}
