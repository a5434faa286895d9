import { color, font } from '../parts/colors.js'
import { add } from '../parts/dom.js'
import { callForm } from '../parts/own.js'

/** Height of the bar that opens the check, in pixels: that of the widgets of version 3, of version 4 as we ask for it, and of our own. */
var HEIGHT = 44

/**
 * All looks of the form helper's own. The note lies in the room of the bar, below it: nothing moves when that comes.
 */
var STYLES = {
  place: 'margin:1em 0',
  note:
    'position:absolute;z-index:-1;top:0;right:0;left:0;line-height:' +
    HEIGHT +
    'px;overflow:hidden;text-align:center;color:' +
    color('soft'),
  alert: font() + ';color:' + color('error'),
}

/**
 * What a form's captcha stands in, and the helper's two lines below it.
 *
 * @typedef {object} Place
 * @property {HTMLElement} element
 * @property {HTMLElement} note says what goes on
 * @property {HTMLElement} alert says what is wrong
 */

/**
 * @param {any} form
 * @returns {HTMLElement | null} what sends it
 */
export function findButton(form) {
  return callForm(form, 'querySelector', '[type=submit],button:not([type])')
}

/**
 * Where the captcha stands in its form: the element that the page has marked, or one before the submit button.
 *
 * @param {any} form
 * @returns {Place}
 */
export function findPlace(form) {
  /** @type {HTMLElement | null} */
  var element = callForm(form, 'querySelector', '[data-geetest-here]')
  if (!element) {
    var button = findButton(form)
    element = add(null, 'div', '', STYLES.place)
    // A copy of the form, as some frameworks keep one, brings it along.
    element.setAttribute('data-geetest-here', '')
    callForm(button ? button.parentNode : form, 'insertBefore', element, button)
  }
  var place = {
    element: element,
    note: add(null, 'div', 'geetest_form_note', STYLES.note),
    alert: add(null, 'div', 'geetest_form_alert', STYLES.alert),
  }
  if (callForm(form, 'getAttribute', 'data-product') !== 'bind') {
    element.style.minHeight = HEIGHT + 'px'
    element.style.position = 'relative'
    element.style.zIndex = '0'
  }
  // Words may be of another direction than the page.
  place.note.dir = place.alert.dir = 'auto'
  place.note.setAttribute('role', 'status')
  place.alert.setAttribute('role', 'alert')
  clear(place)
  return place
}

/**
 * Leaves nothing but the two lines, empty.
 *
 * @param {Place} place
 */
export function clear(place) {
  var element = place.element
  element.textContent = place.note.textContent = place.alert.textContent = ''
  element.appendChild(place.note)
  element.appendChild(place.alert)
}
