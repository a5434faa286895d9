/**
 * Handlers by event. Each call comes in a turn of its own, so a page that attaches its handlers right after the call
 * that raises the event still hears it; "ready" and an error that nobody has heard yet are kept for a later handler.
 *
 * @param {object} self `this` of the handlers
 * @param {() => boolean} isGone nothing is heard of the captcha any more
 * @param {(error: unknown) => void} onThrow a handler threw
 */
export function createEvents(self, isGone, onThrow) {
  /** @type {{ [name: string]: Function[] }} */
  var handlers = Object.create(null)
  /** @type {{ [name: string]: [unknown] }} */
  var kept = Object.create(null)

  /**
   * @param {string} name
   * @param {Function} handler
   * @param {unknown} value
   */
  function call(name, handler, value) {
    if (isGone()) return
    try {
      handler.call(self, value)
    } catch (error) {
      if (name === 'onError' || !handlers.onError) console.error(error)
      if (name !== 'onError') onThrow(error)
    }
  }

  /**
   * @param {string} name
   * @param {Function} handler
   */
  function on(name, handler) {
    handlers[name] = (handlers[name] || []).concat(handler)
    if (!kept[name]) return
    var value = kept[name][0]
    if (name === 'onError') delete kept[name]
    setTimeout(call, 0, name, handler, value)
  }

  /**
   * @param {string} name
   * @param {unknown} [value]
   */
  function emit(name, value) {
    setTimeout(function () {
      if (name === 'onReady' || (name === 'onError' && !handlers[name])) kept[name] = [value]
      ;(handlers[name] || []).forEach(function (handler) {
        call(name, handler, value)
      })
    }, 0)
  }

  return { on: on, emit: emit }
}
