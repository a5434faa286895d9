/** @import { textsFor } from './texts.js' */
import { add } from '../parts/dom.js'

/** @typedef {'idle' | 'work' | 'done' | 'closed' | 'error'} State */

/** Text and frame by state. All texts keep a contrast of 4.5 to 1 on white. */
var COLORS = /** @type {{ [state: string]: string }} */ ({ work: '#2f6fed', done: '#11803e', error: '#c4320a' })

/** Numbers the status lines: a description is found by its id. */
var views = 0

/**
 * What stands in the panel: the checkbox and "cancel", how far the work is, and a line that says what goes on. Nothing
 * moves by itself, so there is nothing to calm for those who asked for less movement.
 *
 * @param {HTMLElement} panel
 * @param {ReturnType<typeof textsFor>} texts
 */
export function createView(panel, texts) {
  panel.setAttribute('role', 'group')
  panel.setAttribute('aria-label', texts.label)
  panel.style.cssText =
    'position:relative;margin:auto;flex:0 1 320px;overflow:hidden;box-sizing:border-box;padding:0 14px 12px;border:1px solid;border-radius:8px;background:#fff;color:#1d2939;' +
    'font:14px/1.5 system-ui,sans-serif;text-align:left'
  var row = add(panel, 'div', '', 'display:flex')
  var label = add(
    row,
    'label',
    '',
    'display:flex;flex:1;align-items:center;min-height:44px;margin:0;font:inherit;cursor:pointer',
  )
  var box = add(
    label,
    'input',
    'geetest_checkbox',
    'flex:none;width:20px;height:20px;margin:0 10px 0 0;accent-color:#2f6fed',
  )
  box.type = 'checkbox'
  add(label, 'span', '', '', texts.label)
  var cancel = add(
    row,
    'button',
    'geetest_close',
    'padding:0 0 0 14px;border:0;background:none;color:#2f6fed;font:inherit;cursor:pointer',
    texts.cancel,
  )
  cancel.type = 'button'
  var bar = add(panel, 'div', 'geetest_progress', 'position:absolute;left:0;bottom:0;height:4px;background:#2f6fed')
  bar.setAttribute('role', 'progressbar')
  bar.setAttribute('aria-label', texts.label)
  var line = add(panel, 'div', 'geetest_result', 'font-size:13px;line-height:20px')
  line.setAttribute('role', 'status')
  line.setAttribute('aria-live', 'polite')
  line.id = 'geetest_status' + views++
  box.setAttribute('aria-describedby', line.id)

  return {
    box: box,
    cancel: cancel,

    /**
     * @param {State} state
     * @param {boolean} shut nothing can be started
     * @param {boolean} leave there is something to cancel
     */
    show: function (state, shut, leave) {
      var working = state === 'work'
      // The words that follow are shorter: nothing below may jump.
      if (working) line.style.minHeight = line.offsetHeight + 'px'
      box.checked = state === 'done'
      box.indeterminate = working
      // Not `disabled`: that would take the focus away from who works with the keyboard.
      box.setAttribute('aria-disabled', /** @type {any} */ (shut))
      label.style.opacity = /closed|error/.test(state) ? '.5' : ''
      cancel.style.display = leave ? '' : 'none'
      bar.style.display = working ? '' : 'none'
      line.textContent = texts[state]
      line.style.color = COLORS[state] || '#475467'
      panel.style.borderColor = COLORS[state] || '#c3cad6'
    },

    /** @param {number} percent */
    progress: function (percent) {
      // Quarters are enough words for who listens; the bar knows it exactly.
      line.textContent = texts.work + (percent - (percent % 25)) + '%'
      bar.style.width = percent + '%'
      bar.setAttribute('aria-valuenow', /** @type {any} */ (percent))
    },
  }
}
