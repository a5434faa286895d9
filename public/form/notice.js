import { createElement } from '../parts/own.js'

/**
 * Says what is wrong, and offers a way on: a button, or by itself after some seconds, which are counted down.
 *
 * @param {HTMLElement} line
 * @param {typeof import('./texts.js').ENGLISH} texts
 * @param {string} text
 * @param {number} seconds 0: a button
 * @param {() => void} again
 * @returns {() => void} stops counting
 */
export function offerRetry(line, texts, text, seconds, again) {
  line.textContent = text + ' '
  if (!seconds) {
    var button = line.appendChild(createElement('button'))
    button.type = 'button'
    button.textContent = texts.retry
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- nobody else hears of it, and every byte counts
    button.onclick = again
    return function () {}
  }
  var end = Date.now() + seconds * 1000
  var count = line.appendChild(createElement('span'))
  // Read out once, not every second.
  count.setAttribute('aria-live', 'off')

  function tick() {
    var left = Math.ceil((end - Date.now()) / 1000)
    if (left > 0) count.textContent = texts.wait.replace('%', String(left))
    else {
      clearInterval(timer)
      again()
    }
  }

  var timer = setInterval(tick, 1000, {})
  tick()
  return function () {
    clearInterval(timer)
  }
}
