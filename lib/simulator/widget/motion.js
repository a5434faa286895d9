/** Whether the visitor's system asks for less movement. */
export function isCalm() {
  return !!window.matchMedia && window.matchMedia('(prefers-reduced-motion: reduce)').matches
}

/**
 * Runs from 0 to 1, easing out; at once where movement is not wanted.
 *
 * @param {number} duration milliseconds
 * @param {(part: number) => void} step
 * @param {() => void} [done]
 * @returns {() => void} stops where it is
 */
export function animate(duration, step, done) {
  var began = new Date().getTime()
  /** @type {number} */
  var timer

  function tick() {
    var part = isCalm() ? 1 : Math.min(1, (new Date().getTime() - began) / duration)
    step(1 - (1 - part) * (1 - part))
    if (part < 1) timer = setTimeout(tick, 16)
    else if (done) done()
  }

  tick()
  return function () {
    clearTimeout(timer)
  }
}

/**
 * What follows an animation of the vendor's: after it, or in a turn of its own where movement is not wanted.
 *
 * @param {number} duration of the animation, in milliseconds
 * @param {() => void} then
 */
export function after(duration, then) {
  return setTimeout(then, isCalm() ? 0 : duration)
}
