/** @import { CaptchaObj, GeetestConfig, GeetestValidate } from '../gt' */
/** @import { createBar, State } from './bar.js' */
/** @import { Face, Host } from './face' */
import { add, find, remove, size } from './dom.js'
import { makeError } from './errors.js'
import { createEvents } from './events.js'
import { createForm } from './form.js'
import { addMethods } from './methods.js'
import { createModal } from './modal.js'

/** How long a success stays to be seen before the panel closes, in milliseconds. */
var LINGER = 800
/** Below this width there is no room beside the bar: the vendor makes float a popup on phones. */
var PHONE = 500

/** @param {GeetestConfig} config */
function productOf(config) {
  var product = String(config.product)
  if (/^(popup|embed|bind|custom)$/.test(product)) return product
  return window.innerWidth < PHONE ? 'popup' : 'float'
}

/**
 * The object that the page works with; names of versions 2 and 3 of the vendor's.
 *
 * @param {GeetestConfig} config
 * @param {(host: Host) => Face} createFace
 * @param {typeof createBar} [bars] what opens the panel; left out, the panel itself stands in the page (except `bind`)
 * @returns {CaptchaObj}
 */
export function createCaptcha(config, createFace, bars) {
  var captcha = /** @type {CaptchaObj} */ ({})
  var product = productOf(config)
  var inPlace = product === 'embed' || (!bars && product !== 'bind')
  var holder = add(null, 'div', '', 'position:relative;max-width:100%;text-align:left')
  holder.style.width = size(config.width, '300px')
  var panel = add(inPlace ? holder : null, 'div', 'geetest_panel')
  var form = createForm(holder)
  /** @type {'init' | State} */
  var state = 'init'
  /** @type {GeetestValidate | false} */
  var result = false
  var wanted = false
  var enabled = true
  var gone = false
  var wasReady = false
  var announced = false
  var passtime = 0
  /** @type {number} */
  var closing
  /** @type {number} */
  var aging
  /** @type {ReturnType<typeof createModal> | undefined} */
  var modal
  var events = createEvents(captcha, function (thrown) {
    report('116', 'a handler of the page threw: ' + thrown, '', thrown)
  })

  var face = createFace({
    config: config,
    panel: panel,
    inPlace: inPlace,
    ready: ready,
    pass: pass,
    fail: function (status) {
      events.emit('onFail')
      events.emit('onStatusChange', status || 'Fail')
    },
    refreshed: function () {
      events.emit('onRefresh')
    },
    error: fail,
    close: close,
    retry: reset,
  })
  var bar = bars && !inPlace && product !== 'bind' && bars(holder, config.lang, face.mark || '', open)

  /**
   * @param {string} number
   * @param {string} msg
   * @param {string} [text]
   * @param {unknown} [detail]
   */
  function report(number, msg, text, detail) {
    var error = makeError(config.lang, number, msg, text)
    if (detail) error.detail = detail
    events.emit('onError', error)
    if (number === '113') events.emit('onStatusChange', 'Forbidden')
  }

  /** @param {State} to */
  function show(to) {
    state = to
    holder.className = 'geetest_holder geetest_wind geetest_' + product + ' geetest_' + to
    if (bar) bar.show(to)
  }

  /**
   * @param {string} number
   * @param {string} msg
   * @param {string} [text]
   */
  function fail(number, msg, text) {
    show('error')
    report(number, msg, text)
  }

  function ready() {
    show('ready')
    if (!wasReady) events.emit('onReady')
    wasReady = true
    clearTimeout(aging)
    if (face.lifetime) aging = setTimeout(reset, face.lifetime)
    if (inPlace) announce()
    else if (wanted) open()
  }

  /**
   * @param {string} challenge
   * @param {string} validate
   * @param {number} time
   */
  function pass(challenge, validate, time) {
    passtime = time
    result = { geetest_challenge: challenge, geetest_validate: validate, geetest_seccode: validate + '|jordan' }
    form.fill(result)
    show('success')
    events.emit('onSuccess')
    events.emit('onStatusChange', 'Success')
    closing = setTimeout(close, config.hideSuccess ? 0 : LINGER)
  }

  /** The puzzle can be seen: once a round. */
  function announce() {
    if (!announced) events.emit('onNextReady')
    announced = true
  }

  function load() {
    if (gone || state !== 'init') return
    var area = find(config.area)
    if (config.area ? !area : product === 'custom') return fail('112', 'area is missing or not on the page')
    if (!inPlace) {
      var hang = (bar && product === 'float' && bar.hang) || undefined
      modal = createModal(panel, hang ? holder : area || document.body, config.bg_color || '#000', close, hang)
    }
    show('wait')
    face.load()
  }

  function open() {
    if (!enabled || result) return
    wanted = true
    if (state === 'error') reset()
    if (state !== 'ready') return
    wanted = false
    if (modal) {
      if (modal.isOpen()) return
      modal.open()
    }
    face.open()
    announce()
  }

  function close() {
    clearTimeout(closing)
    wanted = false
    if (!modal || !modal.isOpen()) return
    modal.close()
    if (!result) events.emit('onClose')
  }

  function reset() {
    if (!modal && !inPlace) return
    clearTimeout(closing)
    clearTimeout(aging)
    result = announced = false
    passtime = 0
    form.fill(result)
    show('wait')
    face.reset()
  }

  addMethods(captcha, {
    events: events,
    holder: holder,
    panel: panel,
    form: form.element,
    inPlace: inPlace,
    face: face,
    report: report,
    load: load,
    open: open,
    close: close,
    reset: reset,
    isGone: function () {
      return gone
    },
    /** @param {boolean} value */
    enable: function (value) {
      enabled = value
      holder.style.opacity = value ? '' : '.6'
      if (bar) bar.enable(value)
      if (face.enable) face.enable(value)
    },
    destroy: function () {
      close()
      clearTimeout(aging)
      gone = true
      events.stop()
      if (face.destroy) face.destroy()
      remove(holder)
      remove(form.element)
    },
  })
  captcha.getValidate = function () {
    return result
  }
  captcha.getPasstime = function () {
    return passtime
  }
  if (product === 'bind') setTimeout(load, 0)
  return captcha
}
