import { createElement } from '../parts/own.js'

/**
 * Where the captcha stands in its form: the element that the page has marked, or one before the submit button.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submit
 */
export function findPlace(form, submit) {
  var place = /** @type {HTMLElement | null} */ (form.querySelector('[data-geetest-here]'))
  if (!place) {
    place = createElement('div')
    place.style.margin = '1em 0'
    // A copy of the form, as some frameworks keep one, brings it along.
    place.setAttribute('data-geetest-here', '')
    ;/** @type {Node} */ (submit ? submit.parentNode : form).insertBefore(place, submit)
  }
  place.textContent = ''
  return place
}
