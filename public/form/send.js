// Ways to send a form that a captcha has held.
import { createElement, callForm } from '../parts/own.js'

/** The browser's own, which tells nobody of it: a script's `form.submit()`. */
var natively = typeof HTMLFormElement === 'undefined' ? null : HTMLFormElement.prototype.submit

/** @param {any} form */
export function sendSilently(form) {
  /** @type {any} */
  var submit = natively
  submit.call(form)
}

/**
 * Holds what scripts send by `form.submit()`, of which no event tells.
 *
 * @param {(form: any) => boolean} mayGo
 */
export function holdScripts(mayGo) {
  HTMLFormElement.prototype.submit = function () {
    if (mayGo(this)) sendSilently(this)
  }
}

/**
 * Sends it as its button would. A button that has gone, or is none of this form's by now, keeps nobody waiting.
 *
 * @param {any} form
 * @param {any} button
 */
export function send(form, button) {
  /** @type {any} */
  var prototype = HTMLFormElement.prototype
  var request = prototype.requestSubmit
  var mine = button && button.form === form && /^(submit|image)$/.test(button.type)
  if (request) return request.call(form, mine ? button : null)
  // Older browsers: a click sends the form with its button, and is checked like the visitor's own.
  var stand = !mine || button.disabled ? createElement('button') : null
  if (stand) {
    stand.style.display = 'none'
    if (button && button.name) {
      stand.name = button.name
      stand.value = button.value
    }
    callForm(form, 'appendChild', stand)
  }
  ;(stand || button).click()
  if (stand) callForm(form, 'removeChild', stand)
}
