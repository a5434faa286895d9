/** @import { Host } from '../../../public/parts/face' */
/** @import { Cloud } from './cloud.js' */
import { add, find, remove } from '../../../public/parts/dom.js'
import { createModal } from '../../../public/parts/modal.js'
import { createFace } from './face.js'

/**
 * @typedef {object} Hooks
 * @property {() => void} ready the puzzle can be shown
 * @property {(challenge: string, validate: string, passtime: number) => void} solved
 * @property {() => void} failed
 * @property {() => void} [changed] another picture is there
 * @property {(number: string, msg: string, text?: string) => void} error
 * @property {() => void} left the visitor wants to leave
 * @property {() => void} retry the visitor wants another try after an error
 */

/** @typedef {{ open: () => void, close: () => void }} Layer */

/**
 * A puzzle in a panel of its own, which is not in the page until it is shown.
 *
 * @param {any} config by the names of version 3
 * @param {Cloud} cloud
 * @param {Hooks} hooks
 * @param {(panel: HTMLElement, dismiss: () => void) => Layer} [float] hangs the panel from a bar; left out, it lies over the page
 */
export function createSlide(config, cloud, hooks, float) {
  var panel = add(null, 'div', 'geetest_panel')
  var isOpen = false
  var gone = false
  var face = createFace(
    {
      config: config,
      panel: panel,
      inPlace: false,
      ready: hooks.ready,
      pass: hooks.solved,
      emit: function (name) {
        if (name === 'onFail') hooks.failed()
        if (name === 'onRefresh' && hooks.changed) hooks.changed()
      },
      error: hooks.error,
      close: hooks.left,
      retry: hooks.retry,
    },
    cloud,
  )
  var layer = float
    ? float(panel, hooks.left)
    : createModal(panel, find(config.area) || document.body, config.bg_color || '#000', hooks.left)

  function close() {
    if (!isOpen) return
    isOpen = false
    layer.close()
    face.close()
  }

  face.load()
  return {
    panel: panel,
    refresh: face.refresh,
    show: function () {
      if (isOpen || gone) return
      isOpen = true
      layer.open()
      face.open()
    },
    hide: close,
    destroy: function () {
      close()
      gone = true
      face.destroy()
      remove(panel)
    },
  }
}
