import { add, on } from './dom.js'
import { isChinese } from './errors.js'
import { createFloat } from './float.js'

var COLORS = { wait: '#667085', ready: '#2f6fed', success: '#11803e', error: '#c4320a' }
var SIGNS = { wait: '…', ready: '', success: '✓', error: '!' }
var CHINESE = { wait: '加载中…', ready: '点击按钮进行验证', success: '验证成功', error: '出错了，点击重试' }
var ENGLISH = { wait: 'Loading…', ready: 'Click to verify', success: 'Verified', error: 'Error, click to retry' }
var BORDER = '#c3cad6'

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
  holder.style.font = '14px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif'
  var button = add(
    holder,
    'button',
    'geetest_radar_btn geetest_btn',
    'display:flex;align-items:center;box-sizing:border-box;width:100%;height:44px;margin:0;padding:0 12px;cursor:pointer;' +
      'font:inherit;text-align:left;background:#fff;border:1px solid;border-radius:8px',
  )
  button.type = 'button'
  button.setAttribute('aria-haspopup', 'dialog')
  var sign = add(
    button,
    'span',
    'geetest_radar',
    'flex:none;box-sizing:border-box;width:22px;height:22px;margin-right:10px;border:2px solid;border-radius:50%;' +
      'font:bold 13px/18px sans-serif;text-align:center',
  )
  sign.setAttribute('aria-hidden', 'true')
  var tip = add(button, 'span', 'geetest_radar_tip', 'flex:1')
  add(button, 'span', 'geetest_mark', 'font-size:11px;color:#667085', mark)
  var live = add(
    holder,
    'div',
    'geetest_live',
    'position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0)',
  )
  live.setAttribute('aria-live', 'polite')
  on(button, 'click', onClick)

  return {
    /** @param {State} state */
    show: function (state) {
      var idle = state === 'ready'
      tip.textContent = texts[state]
      live.textContent = idle || state === 'wait' ? '' : texts[state]
      sign.textContent = SIGNS[state]
      sign.style.color = COLORS[state]
      tip.style.color = idle ? '#1d2939' : COLORS[state]
      button.style.borderColor = idle ? BORDER : COLORS[state]
    },

    /** @param {boolean} value */
    enable: function (value) {
      button.disabled = !value
    },

    float: createFloat,
  }
}
