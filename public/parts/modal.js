import { add, on, remove } from './dom.js'

/**
 * The place where the panel appears: over the page or over `area`; or beside the bar, by `hang`.
 *
 * @param {HTMLElement} panel
 * @param {HTMLElement} parent the page, the area, or the holder of the bar
 * @param {string} cover colour behind a modal
 * @param {() => void} dismiss the visitor wants to leave
 * @param {(box: HTMLElement) => void} [hang]
 */
export function createModal(panel, parent, cover, dismiss, hang) {
  var inPage = parent === document.body
  var whole = 'top:0;right:0;bottom:0;left:0;position:'
  var wrap = add(
    null,
    'div',
    hang ? 'geetest_float_wrap' : 'geetest_popup_wrap',
    'z-index:2147483000;' + (hang ? 'position:absolute' : 'display:flex;overflow:auto;' + whole),
  )
  var ghost = add(hang ? null : wrap, 'div', 'geetest_popup_ghost', 'opacity:.6;' + whole + 'absolute')
  ghost.style.background = cover
  wrap.appendChild(panel)
  panel.setAttribute('role', 'dialog')
  if (!hang) {
    wrap.style.position = inPage ? 'fixed' : 'absolute'
    panel.style.position = 'relative'
    panel.style.margin = 'auto'
    panel.setAttribute('aria-modal', 'true')
  }
  /** @type {any} */
  var before

  /** @param {KeyboardEvent} event */
  function keepInside(event) {
    var all = Array.prototype.filter.call(panel.querySelectorAll('button,input,[tabindex]'), function (item) {
      return item.offsetWidth && !item.disabled && item.tabIndex >= 0
    })
    if (event.shiftKey) all.reverse()
    if (document.activeElement !== all[all.length - 1]) return
    event.preventDefault()
    all[0].focus()
  }

  on(wrap, 'keydown', function (event) {
    if (event.keyCode === 27) {
      event.stopPropagation()
      dismiss()
    } else if (!hang && event.keyCode === 9) keepInside(event)
  })

  /** @param {any} event */
  function pressed(event) {
    if (hang ? !parent.contains(event.target) : event.target === ghost) dismiss()
  }

  return {
    isOpen: function () {
      return !!wrap.parentNode
    },

    open: function () {
      before = document.activeElement
      if (!inPage && window.getComputedStyle(parent).position === 'static') parent.style.position = 'relative'
      parent.appendChild(wrap)
      if (hang) hang(wrap)
      on(document, 'mousedown', pressed)
    },

    close: function () {
      var inside = wrap.contains(document.activeElement)
      document.removeEventListener('mousedown', pressed)
      remove(wrap)
      if (inside && before) before.focus()
    },
  }
}
