import { add } from '../parts/dom.js'
import { callForm } from '../parts/own.js'

/** All looks of the form helper's own. */
var STYLES = {
  place: 'margin:1em 0',
  note: '',
  alert: '',
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
