import type { Page } from 'playwright-core'

/** The longest that a timer may wait and still be a turn of the page, in milliseconds: a frame. */
const TURN = 16

/**
 * From the next page on, time stands still: timers of the page that wait for longer than a turn end by `passTime` alone.
 * So nothing that the page is waiting for comes too late, however busy the machine is.
 */
export const standStill = (page: Page): Promise<unknown> =>
  page.addInitScript(`(function (start, stop) {
    var waiting = {}
    var next = -1
    window.setTimeout = function (call, wait) {
      if (!(wait > ${TURN})) return start.apply(window, arguments)
      var more = Array.prototype.slice.call(arguments, 2)
      waiting[next] = function () { call.apply(window, more) }
      return next--
    }
    window.clearTimeout = function (timer) {
      if (timer < 0) delete waiting[timer]
      else stop.call(window, timer)
    }
    window.passTime = function () {
      var due = waiting
      waiting = {}
      Object.keys(due).forEach(function (timer) { due[timer]() })
    }
  })(setTimeout, clearTimeout)`)

/** Ends the timers that the page has waiting now. */
export const passTime = (page: Page): Promise<unknown> => page.evaluate('passTime()')

/** Passes time again and again until the page has come to an end with something. */
export async function passTimeUntil<Result>(page: Page, end: Promise<Result>): Promise<Result> {
  const over = end.then(() => true)
  for (;;) {
    const ended = await Promise.race([over, passTime(page).then(() => false)])
    if (ended) return end
  }
}
