import type { Page } from 'playwright-core'

/** Slides a finger over the page to the right, by Chromium's own protocol: no other way moves a finger that is down. */
export async function slide(page: Page, from: { readonly x: number; readonly y: number }, by: number): Promise<void> {
  const { x, y } = from
  const finger = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints })
  await touch('touchStart', { x, y })
  await touch('touchMove', { x: x + by / 2, y: y + 3 })
  await touch('touchMove', { x: x + by, y })
  await touch('touchEnd')
}
