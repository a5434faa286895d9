import { add } from './dom.js'
import { createLayer } from './layer.js'
import { readDocument } from './own.js'

/**
 * Hangs the panel from a bar: above it where there is no room below, shifted where there is none at the right.
 *
 * @param {HTMLElement} panel
 * @param {HTMLElement} holder of the bar
 * @param {() => void} dismiss the visitor wants to leave
 */
export function createFloat(panel, holder, dismiss) {
  var wrap = add(null, 'div', 'geetest_float_wrap', 'z-index:2147483000;position:absolute')
  var layer = createLayer(wrap, panel, dismiss, function (target) {
    return !holder.contains(target)
  })

  return {
    close: layer.close,

    open: function () {
      layer.open(holder)
      var bar = holder.getBoundingClientRect()
      var above = bar.bottom + wrap.offsetHeight > window.innerHeight && bar.top > wrap.offsetHeight
      var beyond = bar.left + wrap.offsetWidth - readDocument('documentElement').clientWidth
      wrap.style[above ? 'bottom' : 'top'] = '52px'
      wrap.style[above ? 'top' : 'bottom'] = 'auto'
      wrap.style.left = -Math.max(0, Math.min(beyond, bar.left)) + 'px'
    },
  }
}
