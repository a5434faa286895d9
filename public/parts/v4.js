/** @import { CaptchaObj, GeetestConfig, GeetestErrorObject, GeetestValidate } from '../gt' */
/** @import { CaptchaObj4, GeetestConfig4, GeetestError4, GeetestValidate4 } from '../gt4' */
import { createElement } from './own.js'

/** After that long, in milliseconds, the site's server has no fresh answer of the cloud's any more and looks for itself. */
export var LOOK_AGAIN = 1000

/** What is handed through as it is, and told again to the captcha that takes another's place. */
var METHODS = ['appendTo', 'onNextReady', 'onBoxShow', 'onSuccess', 'onFail', 'onError', 'onClose', 'onReady']

/**
 * What version 3 calls it.
 *
 * @param {GeetestConfig4} config
 * @param {string} challenge
 * @returns {GeetestConfig}
 */
export function configV3(config, challenge) {
  var bar = config.hideBar || []
  return {
    gt: config.captchaId,
    challenge: challenge,
    offline: true,
    product: config.product || 'float',
    lang: config.language || navigator.language,
    width: (config.nativeButton || {}).width || 260,
    next_width: config.nextWidth,
    bg_color: (config.mask || {}).bgColor,
    hideClose: bar.indexOf('close') >= 0,
    hideRefresh: bar.indexOf('refresh') >= 0,
    hideSuccess: config.hideSuccess,
    timeout: config.timeout,
  }
}

/**
 * The same error as version 4 tells it: `msg` is for people there, `desc.detail` for developers.
 *
 * @param {any} error of either version
 * @returns {GeetestError4}
 */
function errorV4(error) {
  // The cloud's own captcha, which may have taken this one's place, and the loader tell it so themselves.
  if (!error.error_code) return error
  var number = error.code.replace('error_', '')
  return { code: number === '100' ? '60002' : number, msg: error.user_error, desc: { detail: error.msg } }
}

/**
 * A captcha as pages of version 4 know it, over one of version 3.
 *
 * @param {any} captcha
 * @param {(answer: GeetestValidate) => GeetestValidate4} answerOf
 * @param {(done: (captcha: any) => void, failed: (error: GeetestError4) => void) => void} [renew] gets another captcha, of either
 *   version, that takes the place of this one when the page starts over. Left out: this one starts over by itself
 * @returns {CaptchaObj4}
 */
export function asV4(captcha, answerOf, renew) {
  var self = /** @type {any} */ ({})
  /** @type {Array<[string, any]>} */
  var told = []
  var renewing = false
  var wanted = false
  var gone = false
  // The hidden inputs of version 3 have no business in a form of version 4.
  if (captcha.bindForm) captcha.bindForm(createElement('form'))

  /**
   * @param {string} name
   * @param {any} [argument]
   */
  function tell(name, argument) {
    if (captcha[name]) captcha[name](argument)
  }

  /** @param {any} next */
  function replace(next) {
    renewing = false
    if (gone) return next.destroy()
    captcha.destroy()
    captcha = next
    told.forEach(function (one) {
      // Who has been told once that the visitor can start is not told again.
      if (one[0] !== 'onReady') tell(one[0], one[1])
    })
    if (wanted) show()
  }

  /** @param {GeetestError4} error */
  function failed(error) {
    renewing = false
    told.forEach(function (one) {
      if (one[0] === 'onError') one[1](error)
    })
  }

  function show() {
    wanted = renewing
    if (!renewing) tell(captcha.verify ? 'verify' : 'showCaptcha')
  }

  METHODS.forEach(function (name) {
    self[name] = function (/** @type {any} */ argument) {
      var handler = argument
      if (typeof argument === 'function') {
        handler = function (/** @type {any} */ value) {
          argument.call(self, name === 'onError' ? errorV4(value) : value)
        }
      }
      told.push([name, handler])
      tell(name, handler)
      return self
    }
  })
  self.reset = function () {
    if (!renew) captcha.reset()
    else if (!renewing) {
      renewing = true
      renew(replace, failed)
    }
    return self
  }
  self.showCaptcha = self.showBox = function () {
    // A captcha that is solved starts over by itself.
    if (self.getValidate()) self.reset()
    show()
    return self
  }
  self.getValidate = function () {
    var answer = !renewing && captcha.getValidate()
    return answer && (answer.lot_number ? answer : answerOf(answer))
  }
  self.isOffline = function () {
    return captcha.isOffline ? captcha.isOffline() : true
  }
  // Of the cloud's use alone.
  self.uploadExtraData = function (/** @type {any} */ key, /** @type {any} */ value) {
    if (captcha.uploadExtraData) captcha.uploadExtraData(key, value)
  }
  self.destroy = function () {
    gone = true
    captcha.destroy()
  }
  // Pages may append only once they hear that the captcha is ready: until then it stands in an element of its own.
  setTimeout(function () {
    var appended = told.some(function (one) {
      return one[0] === 'appendTo'
    })
    if (!appended && !gone) tell('appendTo', createElement('div'))
  }, 0)
  return self
}
