import { on } from '../../../public/parts/dom.js'

/** @param {any} event */
function x(event) {
  return event.touches && event.touches.length ? event.touches[0].clientX : event.clientX
}

/**
 * Follows one finger, pen or mouse button from press to release. Pointer events where there are any; mouse and touch
 * events in older web views.
 *
 * @param {HTMLElement} element
 * @param {object} hooks
 * @param {() => boolean} hooks.start whether the drag may begin
 * @param {(distance: number) => void} hooks.move pixels to the right of the start
 * @param {() => void} hooks.end
 * @param {() => void} hooks.cancel the system took the pointer away
 */
export function followDrag(element, hooks) {
  var dragging = false
  var from = 0

  /** @param {any} event */
  function start(event) {
    if (dragging || event.button || !hooks.start()) return
    dragging = true
    from = x(event)
    if (event.pointerId !== undefined) element.setPointerCapture(event.pointerId)
    else event.preventDefault()
  }

  /** @param {Event} event */
  function move(event) {
    if (!dragging) return
    event.preventDefault()
    hooks.move(x(event) - from)
  }

  function end() {
    if (!dragging) return
    dragging = false
    hooks.end()
  }

  function cancel() {
    if (!dragging) return
    dragging = false
    hooks.cancel()
  }

  /** @type {Array<[Node, string, (event: any) => void]>} */
  var listeners = window.PointerEvent
    ? [
        [element, 'pointerdown', start],
        [element, 'pointermove', move],
        [element, 'pointerup', end],
        [element, 'pointercancel', cancel],
      ]
    : [
        [element, 'mousedown', start],
        [document, 'mousemove', move],
        [document, 'mouseup', end],
        [element, 'touchstart', start],
        [element, 'touchmove', move],
        [element, 'touchend', end],
        [element, 'touchcancel', cancel],
      ]
  listeners.forEach(function (listener) {
    on(listener[0], listener[1], listener[2])
  })

  return function stop() {
    listeners.forEach(function (listener) {
      listener[0].removeEventListener(listener[1], listener[2])
    })
  }
}
