import { on, remove } from './dom.js'
import { callDocument, readDocument } from './own.js'

/**
 * A panel above the page: appears in an element, goes away again, and gives the focus back to where it was. A panel that
 * stands somewhere else meanwhile is taken from there and put back.
 *
 * @param {HTMLElement} wrap holds the panel while it is open
 * @param {HTMLElement} panel
 * @param {() => void} dismiss the visitor wants to leave: by Escape, or by a press outside
 * @param {(target: any) => boolean} isOutside
 */
export function createLayer(wrap, panel, dismiss, isOutside) {
  var home = panel.parentElement
  /** @type {any} */
  var before
  wrap.setAttribute('role', 'dialog')
  wrap.setAttribute('aria-label', /** @type {string} */ (panel.getAttribute('aria-label')))
  on(wrap, 'keydown', function (event) {
    if (event.keyCode !== 27) return
    event.stopPropagation()
    // A dialog below stays open.
    event.preventDefault()
    dismiss()
  })

  /** @param {any} event */
  function pressed(event) {
    // In a shadow root the document hears of its host alone.
    if (isOutside(event.composedPath ? event.composedPath()[0] : event.target)) dismiss()
  }

  /** @param {HTMLElement} parent */
  function open(parent) {
    before = readDocument('activeElement')
    // What lies below the panel must not move up.
    if (home) home.style.minHeight = panel.offsetHeight + 'px'
    if (parent !== readDocument('body') && getComputedStyle(parent).position === 'static')
      parent.style.position = 'relative'
    wrap.appendChild(panel)
    parent.appendChild(wrap)
    callDocument('addEventListener', 'mousedown', pressed)
  }

  function close() {
    var inside = wrap.contains(readDocument('activeElement'))
    callDocument('removeEventListener', 'mousedown', pressed)
    remove(wrap)
    if (home) home.appendChild(panel)
    if (inside) before.focus()
  }

  return { open: open, close: close }
}
