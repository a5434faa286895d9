/**
 * Handlers by event, as the vendor calls them: at once, one after another, on the list that holds them. None is kept for a
 * handler that comes later, and what one throws keeps the next from being called.
 *
 * @param {(error: unknown) => void} [onThrow] left out, whoever raised the event gets what a handler throws
 */
export function createHandlers(onThrow) {
  /** @type {{ [event: string]: any[] }} */
  var lists = {}

  return {
    /**
     * @param {string} event
     * @param {unknown} handler whatever it is: that it cannot be called shows when the event comes
     */
    add: function (event, handler) {
      lists[event] = lists[event] || []
      lists[event].push(handler)
    },

    /**
     * @param {string} event
     * @param {unknown} [value]
     */
    emit: function (event, value) {
      var list = lists[event] || []
      try {
        for (var i = 0; i < list.length; i++) list[i](value)
      } catch (error) {
        if (!onThrow) throw error
        onThrow(error)
      }
    },

    clear: function () {
      lists = {}
    },
  }
}
