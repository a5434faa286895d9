import { add, on } from './dom.js'
import { createLayer } from './layer.js'
import { readDocument } from './own.js'

var WHOLE = 'top:0;right:0;bottom:0;left:0;position:'

/**
 * Shows the panel over the page or over an area of it. Its style places it: a flex item with `position: relative`, to lie
 * above the cover, and `margin: auto`.
 *
 * @param {HTMLElement} panel
 * @param {HTMLElement} parent the body of the page, or the area
 * @param {string} cover colour behind the panel
 * @param {() => void} dismiss the visitor wants to leave
 */
export function createModal(panel, parent, cover, dismiss) {
  var inPage = parent === readDocument('body')
  var wrap = add(
    null,
    'div',
    'geetest_popup_wrap',
    'z-index:2147483000;display:flex;overflow:auto;' + WHOLE + (inPage ? 'fixed' : 'absolute'),
  )
  var ghost = add(wrap, 'div', 'geetest_popup_ghost', 'opacity:.6;' + WHOLE + 'absolute')
  ghost.style.background = cover
  wrap.setAttribute('aria-modal', 'true')

  // Tab stays inside.
  on(wrap, 'keydown', function (event) {
    if (event.keyCode !== 9) return
    var all = Array.prototype.filter.call(panel.querySelectorAll('button,input,[tabindex]'), function (item) {
      return item.offsetWidth && !item.disabled && item.tabIndex >= 0
    })
    if (event.shiftKey) all.reverse()
    if (readDocument('activeElement') !== all[all.length - 1]) return
    event.preventDefault()
    all[0].focus()
  })

  return createLayer(wrap, panel, parent, dismiss, function (target) {
    return target === ghost
  })
}
