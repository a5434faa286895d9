// What the form helper needs of version 4: it says everything by the names of version 3. Loaded by gt4.js for
// `<form data-geetest data-version="4">`.
/** @import { GeetestConfig4, GeetestValidate4, InitGeetest4 } from './gt4' */
/** @import { Loose } from './parts/copy.js' */
import { remove } from './parts/dom.js'
import { addFields } from './parts/form.js'
import { bare } from './parts/copy.js'
import { createElement } from './parts/own.js'
import { LOOK_AGAIN } from './parts/v4.js'

/** @type {Array<keyof GeetestValidate4>} */
var FIELDS = ['lot_number', 'captcha_output', 'pass_token', 'gen_time', 'captcha_id']

/** @type {Loose} languages that the two versions call differently */
var LANGUAGES = {
  zh: 'zho',
  en: 'eng',
  ja: 'jpn',
  id: 'ind',
  ko: 'kor',
  ru: 'rus',
  ar: 'ara',
  es: 'spa',
  fr: 'fra',
  de: 'deu',
  pt: 'por',
}

/** @param {string} lang as in "zh-tw"; what version 4 itself calls so stays as it is */
function languageOf(lang) {
  if (lang === 'pt-br') return 'pon'
  return lang.toLowerCase().replace(/^([a-z]{2})(-(tw|hk)|-.*)?$/, function (same, name, _region, chinese) {
    return LANGUAGES[name] ? LANGUAGES[name] + (chinese ? '-' + chinese : '') : same
  })
}

/**
 * @param {Loose} config what the site's server has issued, and what the form says
 * @returns {GeetestConfig4}
 */
function configV4(config) {
  /** @type {string | undefined} */
  var host = config.api_server
  return {
    captchaId: config.gt,
    issue: /** @type {any} */ (config),
    apiServers: host ? [host] : undefined,
    protocol: config.protocol,
    // There is no "embed".
    product: /^(popup|bind)$/.test(config.product) ? config.product : 'float',
    language: languageOf(config.lang),
    // As high as the bar of version 3, and as the room that the form has reserved.
    nativeButton: { width: config.width, height: '44px' },
    onError: config.onError,
    // The form asks its own scene's server again, which this script does not know; not before that server would look again.
    offlineCb: function (error) {
      setTimeout(function () {
        config.onError(error)
      }, LOOK_AGAIN)
    },
  }
}

/**
 * Gives a captcha of version 4 the methods that the form helper calls, and hidden inputs beside it.
 *
 * @param {any} captcha
 */
function dress(captcha) {
  var holder = createElement('div')
  var fill = addFields(holder, FIELDS)
  var appendTo = captcha.appendTo
  var destroy = captcha.destroy
  var reset = captcha.reset

  captcha.bindForm = function (/** @type {HTMLElement} */ form) {
    form.appendChild(holder)
    return captcha
  }
  captcha.appendTo = function (/** @type {HTMLElement} */ place) {
    appendTo.call(captcha, place)
    return captcha.bindForm(place)
  }
  captcha.verify = captcha.showCaptcha
  captcha.reset = function (/** @type {any} */ options) {
    fill(false)
    return reset.call(captcha, options)
  }
  captcha.destroy = function () {
    remove(holder)
    destroy.call(captcha)
  }
  // One that needs a single press takes the visitor's own alone.
  captcha.onNextReady(function (/** @type {any} */ next) {
    captcha.byHand = next && next.captchaType === 'ai'
  })
  // Before any handler of the form: it may be sent at once.
  captcha.onSuccess(function () {
    fill(captcha.getValidate())
  })
  return captcha
}

/**
 * @param {Loose} given
 * @param {(captcha: any) => void} done
 * @param {InitGeetest4} init
 */
function begin(given, done, init) {
  var config = bare(given)
  if (config.version !== 4) {
    return config.onError({
      code: '60001',
      msg: 'Configuration error',
      desc: { detail: 'data-version="4", but the scene is of version 3' },
    })
  }
  init(configV4(config), function (captcha) {
    done(dress(captcha))
  })
}

;/** @type {any} */ (window).geetestForm4 = begin
