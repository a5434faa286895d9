import { setTimeout as pause } from 'node:timers/promises'
import type { Driver, Key } from './driver'

/** Milliseconds that only a hang reaches, and between two looks. */
const [LIMIT, LOOK] = [60_000, 25]

/** ES5 with an expression's value: the first element of a selector that can be seen, or null. */
const seen = (selector: string): string => `(function () {
  var all = document.querySelectorAll(${JSON.stringify(selector)})
  for (var i = 0; i < all.length; i++) {
    var box = all[i].getBoundingClientRect()
    if (box.width > 0 && box.height > 0 && getComputedStyle(all[i]).visibility !== 'hidden') return all[i]
  }
  return null
})()`

/** Where its centre is, brought into the window first. */
const centre = (selector: string): string => `(function (element) {
  if (!element) return null
  var box = element.getBoundingClientRect()
  if (box.top < 0 || box.bottom > window.innerHeight) {
    element.scrollIntoView(box.top < 0)
    box = element.getBoundingClientRect()
  }
  return [box.left + box.width / 2, box.top + box.height / 2]
})(${seen(selector)})`

type Point = readonly [x: number, y: number]

const HANDLE = '.geetest_slider_button'
/** It can be dragged: the puzzle is drawn, and nothing is being judged. */
const USABLE = `${HANDLE}[data-gap]:not([aria-disabled=true])`
const FRESH = '.geetest_panel:not([class*=geetest_panel_])'
const FAILED = '.geetest_panel_fail'
const focusOn = (selector: string): string => `(function (own) {
  return own && own === document.querySelector(${JSON.stringify(selector)})
})(document.activeElement)`

/** Somebody before a browser, who sees, clicks, drags and types; whichever browser it is. */
export class Visitor {
  constructor(private readonly driver: Driver) {}

  goto(url: string): Promise<void> {
    return this.driver.goto(url)
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.driver.evaluate<T>(expression)
  }

  /** By the page itself, as its button does: drivers of some engines wait for pages that are kept as they were. */
  async go(pages: 1 | -1): Promise<void> {
    await this.evaluate(`void setTimeout(function () { history.go(${pages}) }, 0)`)
  }

  /** Waits until an expression says something that is true, and gives it. */
  async waitFor<T>(expression: string): Promise<T> {
    const end = Date.now() + LIMIT
    let why = ''
    for (;;) {
      try {
        const value = await this.evaluate<T>(expression)
        if (value) return value
      } catch (error) {
        // The page gives way to the next.
        why = ` (${String(error)})`
      }
      if (Date.now() > end) throw new Error(`never so: ${expression}${why}, on ${await this.page()}`)
      await pause(LOOK)
    }
  }

  private page(): Promise<string> {
    return this.evaluate<string>('location.href + ": " + document.body.innerText.slice(0, 600)').catch(String)
  }

  /** Waits until an element can be seen. */
  async see(selector: string): Promise<void> {
    await this.waitFor(`!!${seen(selector)}`)
  }

  /** What an element says, once it can be seen. */
  text(selector: string): Promise<string> {
    return this.waitFor<string>(`(function (element) { return element && element.textContent })(${seen(selector)})`)
  }

  /** Where an element stands, once it stands still. */
  private async place(selector: string): Promise<Point> {
    let before: Point | undefined
    for (;;) {
      const now = await this.waitFor<Point>(centre(selector))
      if (before !== undefined && before[0] === now[0] && before[1] === now[1]) return now
      before = now
      await pause(LOOK)
    }
  }

  async click(selector: string): Promise<void> {
    await this.driver.mouse([await this.place(selector), 'down', 'up'])
  }

  press(...keys: Key[]): Promise<void> {
    return this.driver.keys(keys)
  }

  /** Types where the focus is. */
  write(text: string): Promise<void> {
    return this.press(...text.split(''))
  }

  /** Presses Tab until the element has the focus. */
  async tabTo(selector: string): Promise<void> {
    for (let i = 0; i < 40; i++) {
      if (await this.evaluate(focusOn(selector))) return
      await this.press('Tab')
    }
    throw new Error(`Tab does not lead to ${selector}, on ${await this.page()}`)
  }

  /** Clicks into a field and writes over what is there. */
  async type(selector: string, text: string): Promise<void> {
    do await this.click(selector)
    while (!(await this.evaluate(focusOn(selector))))
    await this.evaluate(`void (document.activeElement.value = '')`)
    await this.write(text)
  }

  /** Drags the piece of the puzzle that can be seen. @param beside pixels that it misses the gap by */
  async drag(beside = 0): Promise<void> {
    const [x, y] = await this.place(USABLE)
    const gap = await this.waitFor<number>(`+${seen(USABLE)}.getAttribute('data-gap')`)
    const way = [gap / 2, gap + beside - 2, gap + beside].map((far) => [x + far, y] as const)
    await this.driver.mouse([[x, y], 'down', ...way, 'up'])
  }

  /** Misses the gap, and waits until there can be another try: in version 4 with another picture. */
  async miss(version: 3 | 4): Promise<void> {
    await this.drag(40)
    await this.waitFor(version === 4 ? `!!${seen(FRESH)}` : `!!${seen(`${FAILED} ${HANDLE}[aria-valuenow="0"]`)}`)
  }

  /** Solves the puzzle whose handle has the focus, by what a screen reader reads out. */
  async solveByKeys(): Promise<void> {
    const missing = await this.waitFor<string>(`(function (own) {
      var found = /\\bgeetest_slider_button\\b/.test(own.className) && /(\\d+) pixels/.exec(own.getAttribute('aria-valuetext'))
      return found && found[1]
    })(document.activeElement)`)
    const [far, near] = [Math.floor(Number(missing) / 10), Number(missing) % 10]
    await this.press(...Array<Key>(far).fill('Shift+ArrowRight'), ...Array<Key>(near).fill('ArrowRight'), 'Enter')
  }
}
