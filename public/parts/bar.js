import { color, frame } from './colors.js'
import { add, on } from './dom.js'
import { isChinese } from './errors.js'
import { createFloat } from './float.js'

var COLORS = { wait: 'soft', ready: 'accent', success: 'success', error: 'error' }
var SIGNS = { wait: '…', ready: '', success: '✓', error: '!' }
var CHINESE = { wait: '加载中…', ready: '点击按钮进行验证', success: '验证成功', error: '出错了，点击重试' }
var ENGLISH = { wait: 'Loading…', ready: 'Click to verify', success: 'Verified', error: 'Error, click to retry' }

/** @typedef {keyof typeof COLORS} State */

/**
 * The bar that opens the check: a real button with the official class names, and a live region that says its state.
 *
 * @param {HTMLElement} holder
 * @param {string | undefined} lang
 * @param {string} mark short text at the right end
 * @param {() => void} onClick
 */
export function createBar(holder, lang, mark, onClick) {
  var texts = isChinese(lang) ? CHINESE : ENGLISH
  var button = add(
    holder,
    'button',
    'geetest_radar_btn geetest_btn',
    'display:flex;align-items:center;box-sizing:border-box;width:100%;height:44px;margin:0;padding:0 12px;cursor:pointer;' +
      'text-align:left;text-align:start;text-transform:none;box-shadow:none' +
      frame(),
  )
  button.type = 'button'
  button.setAttribute('aria-haspopup', 'dialog')
  var sign = add(
    button,
    'span',
    'geetest_radar',
    'flex:none;box-sizing:border-box;width:22px;height:22px;border:2px solid;border-radius:50%;' +
      'font:bold 13px/18px sans-serif;text-align:center',
  )
  sign.setAttribute('aria-hidden', 'true')
  var tip = add(button, 'span', 'geetest_radar_tip', 'flex:1;padding:0 10px;line-height:1.2')
  add(button, 'span', 'geetest_mark', 'font-size:11px;color:' + color('soft'), mark)
  var live = add(
    holder,
    'div',
    'geetest_live',
    'position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0)',
  )
  live.setAttribute('aria-live', 'polite')
  on(button, 'click', onClick)

  return {
    /**
     * @param {State} state
     * @param {string} [why] what is wrong, where it is
     */
    show: function (state, why) {
      var idle = state === 'ready'
      var text = why || texts[state]
      tip.textContent = text
      live.textContent = idle || state === 'wait' ? '' : text
      sign.textContent = SIGNS[state]
      sign.style.color = color(COLORS[state])
      tip.style.color = color(idle ? 'text' : COLORS[state])
      button.style.borderColor = color(idle ? 'border' : COLORS[state])
    },

    /** @param {boolean} value */
    enable: function (value) {
      button.disabled = !value
    },

    float: createFloat,
  }
}
