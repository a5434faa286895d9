/** @import { ENGLISH } from './texts.js' */
import { color, frame } from '../parts/colors.js'
import { add } from '../parts/dom.js'

/** @typedef {'idle' | 'work' | 'done' | 'closed' | 'error'} State */

/** Text and frame by state. */
var COLORS = /** @type {{ [state: string]: string }} */ ({ work: 'accent', done: 'success', error: 'error' })

/** Numbers the status lines: a description is found by its id. */
var views = 0

/**
 * What stands in the panel, as high as the bar that opens the cloud's captcha: the checkbox with its words and a line that says what goes on,
 * "cancel", and how far the work is. Nothing moves by itself, so there is nothing to calm for those who asked for less movement; and
 * what has a left side has the same at its right, so that it reads in both directions.
 *
 * @param {HTMLElement} panel
 */
export function createView(panel) {
  /** @type {typeof ENGLISH} */
  var texts
  panel.setAttribute('role', 'group')
  panel.style.cssText =
    'position:relative;display:flex;margin:auto;flex:0 1 320px;overflow:hidden;box-sizing:border-box;padding:0 4px;text-align:left;text-align:start' +
    frame()
  var label = add(
    panel,
    'label',
    '',
    'display:flex;flex:1;align-items:center;box-sizing:border-box;min-height:44px;margin:-1px 0;padding:0 8px;font:inherit;cursor:pointer',
  )
  // In an element of its own: many pages draw something into what follows a checkbox.
  var box = add(
    add(label, 'span', '', 'flex:none;line-height:0'),
    'input',
    'geetest_checkbox',
    // Many pages hide checkboxes to draw their own, and what they draw is nowhere here.
    'display:block!important;position:static!important;opacity:1!important;width:20px!important;height:20px!important;margin:0!important;-webkit-appearance:checkbox!important;appearance:auto!important;pointer-events:auto!important;accent-color:' +
      color('accent'),
  )
  box.type = 'checkbox'
  var words = add(label, 'span', '', 'flex:1;padding:0 10px;line-height:16px')
  var name = add(words, 'span', '', 'display:block')
  var line = add(words, 'span', 'geetest_result', 'display:block;font-size:12px;line-height:13px')
  line.setAttribute('role', 'status')
  line.setAttribute('aria-live', 'polite')
  line.id = 'geetest_status' + views++
  box.setAttribute('aria-describedby', line.id)
  var cancel = add(
    panel,
    'button',
    'geetest_close',
    'min-width:0;margin:0;padding:0 8px;border:0;background:none;font:inherit;cursor:pointer;color:' + color('accent'),
  )
  cancel.type = 'button'
  // As a border, which is to be seen in forced colours too; in a line of its own it grows from where reading begins.
  var bar = add(panel, 'div', 'geetest_progress', 'position:absolute;right:0;bottom:0;left:0')
  var part = add(bar, 'div', '', 'border-bottom:4px solid ' + color('accent'))
  bar.setAttribute('role', 'progressbar')

  return {
    box: box,
    cancel: cancel,

    /** @param {typeof ENGLISH} those all words, in another language */
    speak: function (those) {
      texts = those
      panel.dir = texts.dir || ''
      name.textContent = texts.label
      cancel.textContent = texts.cancel
      ;[panel, box, bar].forEach(function (element) {
        element.setAttribute('aria-label', texts.label)
      })
    },

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
      name.style.opacity = /closed|error/.test(state) ? '.6' : ''
      cancel.style.display = leave ? '' : 'none'
      bar.style.display = working ? '' : 'none'
      line.textContent = texts[state]
      line.style.color = color(COLORS[state] || 'soft')
      panel.style.borderColor = color(COLORS[state] || 'border')
    },

    /** @param {number} percent */
    progress: function (percent) {
      // Quarters are enough words for who listens; the bar knows it exactly.
      line.textContent = texts.work + (percent - (percent % 25)) + '%'
      part.style.width = percent + '%'
      bar.setAttribute('aria-valuenow', /** @type {any} */ (percent))
    },
  }
}
