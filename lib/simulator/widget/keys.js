/** Pixels of the picture by key code: arrows, page up and down. Shift multiplies the arrows by ten. */
var STEPS = /** @type {{ [code: number]: number }} */ ({ 37: -1, 38: 1, 39: 1, 40: -1, 33: 20, 34: -20 })

/**
 * The keyboard of a slider.
 *
 * @param {HTMLElement} handle
 * @param {object} hooks
 * @param {() => boolean} hooks.start whether keys count now
 * @param {(by: number) => void} hooks.move
 * @param {() => void} hooks.submit
 */
export function followKeys(handle, hooks) {
  handle.addEventListener('keydown', function (event) {
    var code = event.keyCode
    var step = STEPS[code]
    if (code === 36) step = -Infinity
    if (code === 35) step = Infinity
    if (!step && code !== 13 && code !== 32) return
    event.preventDefault()
    if (!hooks.start()) return
    if (!step) hooks.submit()
    else hooks.move(event.shiftKey && code >= 37 ? step * 10 : step)
  })
}
