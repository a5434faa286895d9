import { add, on } from './dom.js'
import { createLayer } from './layer.js'
import { findAllIn, readDocument } from './own.js'

var WHOLE = 'top:0;right:0;bottom:0;left:0;position:'
/** What browsers give to a popover. */
var PLAIN = 'width:auto;height:auto;margin:0;border:0;padding:0;background:none;'

/**
 * Where a panel over the page can be used: while a dialog is open as modal, nothing outside it can.
 *
 * @returns {any} the dialog that the visitor is in, or the page's body
 */
function findGround() {
  var node = readDocument('activeElement')
  while (node && node.shadowRoot && node.shadowRoot.activeElement) node = node.shadowRoot.activeElement
  try {
    for (; node; node = node.parentNode || node.host)
      if (node.nodeName === 'DIALOG' && node.matches(':modal')) return node
    // Some browsers give buttons no focus.
    var open = findAllIn(document, 'dialog:modal')
    return open[open.length - 1] || readDocument('body')
    // oxlint-disable-next-line no-unused-vars -- ES5 knows no catch without a name
  } catch (noModal) {
    return readDocument('body')
  }
}

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
    PLAIN + 'z-index:2147483000;display:flex;overflow:auto;' + WHOLE + (inPage ? 'fixed' : 'absolute'),
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

  var layer = createLayer(wrap, panel, dismiss, function (target) {
    return target === ghost
  })

  return {
    close: layer.close,

    open: function () {
      layer.open(inPage ? findGround() : parent)
      /** @type {any} */
      var popover = wrap
      if (!inPage || !popover.showPopover) return
      // Above all others, and not cut off where a dialog is moved or clips what is in it.
      wrap.setAttribute('popover', 'manual')
      popover.showPopover()
    },
  }
}
