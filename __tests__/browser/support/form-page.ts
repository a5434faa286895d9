import type { Locator, Page } from 'playwright-core'
import { slide } from './finger'
import { place } from './login-page'

/** What a page says, and how. */
export interface FormOptions {
  /** Of the form, as in HTML. */
  readonly attributes?: string
  readonly lang?: string
  /** Sent by script, without leaving the page. */
  readonly fetch?: boolean
  readonly action?: string
  /** Before the buttons, as HTML. */
  readonly more?: string
  readonly id?: string
  /** Where the page has the helper from. */
  readonly helper?: string
}

/** A login form, as README writes it. */
export const form = ({ attributes = '', action = '/login', id = 'form', more = '' }: FormOptions = {}): string =>
  `<form id="${id}" data-geetest ${attributes} method="post" action="${action}">
    <p><label>Name <input name="username" value="demo"></label></p>
    <p><label>Password <input name="password" type="password" value="right"></label></p>
    ${more}<button>Log in</button> <button name="remember" value="yes">Log in and stay</button>
  </form>`

/** A page around forms. */
export function pageOf(
  body: string,
  { lang = 'en', fetch = false, helper = '/geetest-form.js' }: FormOptions = {},
): string {
  const scripts = `<script src="${helper}"></script>${fetch ? '<script src="/fetch.js"></script>' : ''}`
  return `<!doctype html><html lang="${lang}"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in</title>${scripts}<main><h1>Log in</h1>${body}<p id="said"></p></main></html>`
}

export type State = 'idle' | 'loading' | 'ready' | 'solved' | 'spent' | 'error'

/** Waits for a state of the form. */
export const reach = (page: Page, state: State, id = 'form'): Promise<void> =>
  page.locator(`#${id}[data-geetest-state=${state}]`).waitFor({ state: 'attached' })

/** The helper's own line. */
export const line = (page: Page, id = 'form'): Locator => page.locator(`#${id} [data-geetest-here] > [role=alert]`)

/** The button that sends the form. */
export const login = (page: Page, id = 'form'): Locator => page.locator(`#${id} > button:not([name])`)

/**
 * Drags the piece into the gap, wherever the one slider is that can be seen.
 *
 * @param beside pixels that it misses the gap by
 */
export async function solve(page: Page, within = '', beside = 0): Promise<void> {
  const { x, y, gap } = await place(await usable(page, within))
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + gap / 2, y + 3)
  await page.mouse.move(x + gap + beside, y, { steps: 3 })
  await page.mouse.up()
}

/** The same with a finger. */
export async function swipe(page: Page, within = ''): Promise<void> {
  const { x, y, gap } = await place(await usable(page, within))
  await slide(page, { x, y }, gap)
}

/** The handle of the one slider that can be seen, once it can be moved. */
async function usable(page: Page, within: string): Promise<Locator> {
  const handle = page.locator(`${within} .geetest_slider_button:visible`)
  await handle.and(page.locator(':not([aria-disabled=true])')).waitFor()
  await handle.and(page.locator('[data-gap]')).waitFor()
  return handle
}

/** Solves the open puzzle, whose handle has the focus, with the keyboard alone. */
export async function solveByKeys(page: Page): Promise<void> {
  const handle = page.locator('.geetest_slider_button:focus')
  await handle.waitFor()
  const missing = Number(/(\d+) pixels/.exec(String(await handle.getAttribute('aria-valuetext')))?.[1])
  for (let i = 0; i < Math.floor(missing / 10); i++) await page.keyboard.press('Shift+ArrowRight')
  for (let i = 0; i < missing % 10; i++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
}
