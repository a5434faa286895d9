import type { Locator, Page, Route } from 'playwright-core'
import { slide } from './finger'

/** The three integrations on the demo's page. */
export const integrations = ['popup', 'embed', 'mobile'] as const
export type Integration = (typeof integrations)[number]

export type State = 'loading' | 'ready' | 'solved' | 'sending' | 'kept' | 'broken' | 'done'

export const section = (page: Page, id: Integration): Locator => page.locator(`#${id}`)
export const status = (page: Page, id: Integration): Locator => page.locator(`#${id} .status`)
export const bar = (page: Page, id: Integration): Locator => page.locator(`#${id} .geetest_radar_btn`)
/** One is open at a time. */
export const slider = (page: Page, id: Integration): Locator =>
  page
    .locator(`${id === 'popup' ? '' : `#${id} .geetest_float_wrap, `}.geetest_popup_wrap`)
    .locator('.geetest_slider_button')

export const reach = (page: Page, id: Integration, state: State): Promise<void> =>
  page.locator(`#${id}[data-state=${state}]`).waitFor({ state: 'attached' })

/** The page with the three classic integrations. */
export const classic = (url: string): string => new URL(`/classic.html${new URL(url).search}`, url).href

/** Opens the page and waits until all three captchas can be used. @param url of the demo */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(classic(url))
  await Promise.all(integrations.map((id) => reach(page, id, 'ready')))
}

export const type = (page: Page, id: Integration, password: string): Promise<void> =>
  page.locator(`#${id}-password`).fill(password)

export const submit = (page: Page, id: Integration): Promise<void> => page.locator(`#${id} .primary`).click()

interface Place {
  readonly x: number
  readonly y: number
  /** Pixels to drag. */
  readonly gap: number
}

/** The centre of the handle, and how far it is to the gap. */
export async function place(handle: Locator): Promise<Place> {
  await handle.scrollIntoViewIfNeeded()
  const box = await handle.boundingBox()
  if (box === null) throw new Error('the handle is not to be seen')
  const gap = Number(await handle.getAttribute('data-gap'))
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, gap }
}

/** Opens the puzzle, where sending the form does not. */
export async function press(page: Page, id: Integration): Promise<void> {
  if (id !== 'popup') await bar(page, id).click()
}

/** Drags the piece into the gap with the mouse. @param beside pixels that it misses the gap by */
export async function drag(page: Page, id: Integration, beside = 0): Promise<void> {
  const { x, y, gap } = await place(slider(page, id))
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + gap / 2, y + 3)
  await page.mouse.move(x + gap + beside, y, { steps: 3 })
  await page.mouse.up()
}

/** The same with a finger. */
export async function swipe(page: Page, id: Integration): Promise<void> {
  const { x, y, gap } = await place(slider(page, id))
  await slide(page, { x, y }, gap)
}

/**
 * Everything a visitor does to log in. Ajax integrations end on the same page, the form on another one.
 *
 * @param puzzle whether there is one: the vendor's widget has none in an outage
 */
export async function logIn(page: Page, id: Integration, password = 'demo', puzzle = true): Promise<void> {
  await type(page, id, password)
  if (id !== 'embed') await submit(page, id)
  await press(page, id)
  if (puzzle) await drag(page, id)
  if (id === 'embed') {
    await reach(page, id, 'solved')
    await submit(page, id)
  }
}

/** Spoils the answer of the next login by ajax on its way: the site refuses it. */
export async function tamper(page: Page): Promise<void> {
  const spoil = async (route: Route): Promise<void> => {
    const body = route.request().postDataJSON() as Record<string, string>
    await route.continue({ postData: { ...body, geetest_validate: '0'.repeat(32) } })
  }
  await page.route('**/login', spoil, { times: 1 })
}
