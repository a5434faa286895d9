/** @import { CaptchaObj } from '../gt' */
import { find } from './dom.js'

var EVENTS = ['Ready', 'NextReady', 'BoxShow', 'Success', 'Fail', 'Error', 'Close', 'Refresh', 'StatusChange']

/** @typedef {{ [name: string]: (argument: any) => void }} Acts by the name of the method */

/**
 * Gives the object its methods. Each returns the object, and does nothing once the captcha is destroyed.
 *
 * @param {CaptchaObj & { [name: string]: any }} captcha
 * @param {() => boolean} isGone
 * @param {(number: string, msg: string) => void} report
 * @param {Acts} acts
 * @param {Acts} targeted those that take a selector or an element
 * @param {(event: string, handler: Function) => void} onEvent
 */
export function addMethods(captcha, isGone, report, acts, targeted, onEvent) {
  /**
   * @param {string} name
   * @param {(argument: any) => void} act
   */
  function method(name, act) {
    captcha[name] = function (/** @type {any} */ argument) {
      if (!isGone()) act(argument)
      return captcha
    }
  }

  Object.keys(acts).forEach(function (name) {
    method(name, acts[name])
  })
  Object.keys(targeted).forEach(function (name) {
    method(name, function (target) {
      var element = find(target)
      if (element) targeted[name](element)
      else report(/^bind[OB]/.test(name) ? '101' : '100', name + ': no such element')
    })
  })
  EVENTS.forEach(function (event) {
    var name = 'on' + event
    method(name, function (handler) {
      if (typeof handler === 'function') onEvent(name, handler)
      else report('102', name + ': not a function')
    })
  })
}
