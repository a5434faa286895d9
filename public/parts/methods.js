/** @import { CaptchaObj } from '../gt' */
/** @import { Face } from './face' */
/** @import { createEvents } from './events.js' */
import { find, on } from './dom.js'

var EVENTS = ['Ready', 'NextReady', 'Success', 'Fail', 'Error', 'Close', 'Refresh', 'StatusChange']

/**
 * What the public names work on.
 *
 * @typedef {object} Core
 * @property {ReturnType<typeof createEvents>} events
 * @property {HTMLElement} holder
 * @property {HTMLElement} panel
 * @property {HTMLElement} form
 * @property {boolean} inPlace
 * @property {Face} face
 * @property {(number: string, msg: string) => void} report
 * @property {() => void} load
 * @property {() => void} open
 * @property {() => void} close
 * @property {() => void} reset
 * @property {(value: boolean) => void} enable
 * @property {() => void} destroy
 * @property {() => boolean} isGone
 */

/**
 * The documented methods. Each returns the object, and does nothing once the captcha is destroyed.
 *
 * @param {CaptchaObj & { [name: string]: any }} captcha
 * @param {Core} core
 */
export function addMethods(captcha, core) {
  /**
   * @param {string} name
   * @param {(argument: any) => void} act
   */
  function method(name, act) {
    captcha[name] = function (/** @type {any} */ argument) {
      if (!core.isGone()) act(argument)
      return captcha
    }
  }

  /**
   * A method that takes a selector or an element.
   *
   * @param {string} name
   * @param {string} number the error when there is none
   * @param {(target: HTMLElement) => void} act
   */
  function targeted(name, number, act) {
    method(name, function (target) {
      var element = find(target)
      if (element) act(element)
      else core.report(number, name + ': no such element')
    })
  }

  /** @param {HTMLElement} button */
  function bindOn(button) {
    on(button, 'click', function (event) {
      if (core.isGone() || captcha.getValidate()) return
      event.preventDefault()
      core.open()
    })
  }

  EVENTS.forEach(function (event) {
    var name = 'on' + event
    method(name, function (handler) {
      if (typeof handler === 'function') core.events.on(name, handler)
      else core.report('102', name + ': the handler is not a function')
    })
  })

  targeted('appendTo', '100', function (parent) {
    parent.appendChild(core.holder)
    core.load()
  })
  targeted('bindForm', '100', function (parent) {
    parent.appendChild(core.form)
  })
  targeted('bindOn', '101', bindOn)
  targeted('bindButton', '101', bindOn)
  method('verify', core.open)
  method('reset', core.reset)
  method('refresh', core.reset)
  method('destroy', core.destroy)
  method('show', function () {
    core.holder.style.display = ''
    if (!core.inPlace) core.open()
  })
  method('hide', function () {
    if (core.inPlace) core.holder.style.display = 'none'
    core.close()
  })
  method('enable', function () {
    core.enable(true)
  })
  method('disable', function () {
    core.enable(false)
  })
  method('zoom', function (factor) {
    core.holder.style.zoom = core.panel.style.zoom = factor
  })
  method('hideRefresh', function () {
    if (core.face.hideRefresh) core.face.hideRefresh()
  })
}
