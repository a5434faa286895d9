/** @import { CaptchaObj, GeetestConfig, GeetestValidate } from '../gt' */
/** @import { createBar, State } from './bar.js' */
/** @import { Face, Host } from './face' */
import { add, find, on, remove, size } from './dom.js'
import { makeError } from './errors.js'
import { createEvents } from './events.js'
import { addFields } from './form.js'
import { addMethods } from './methods.js'
import { createModal } from './modal.js'
import { readDocument } from './own.js'

/** @type {Array<keyof GeetestValidate>} */
var FIELDS = ['geetest_challenge', 'geetest_validate', 'geetest_seccode']
/** How long a success stays to be seen before the panel closes, in milliseconds. */
var LINGER = 800
/** Below this width there is no room beside the bar: the vendor makes float a popup on phones. */
var PHONE = 500

function nothing() {}

/** @param {GeetestConfig} config */
function productOf(config) {
  var product = config.product || ''
  if (/^(popup|embed|bind|custom)$/.test(product)) return product
  return window.innerWidth < PHONE ? 'popup' : 'float'
}

/**
 * The object that the page works with; names of versions 2 and 3 of the vendor's.
 *
 * @param {GeetestConfig} config
 * @param {(host: Host) => Face} createFace
 * @param {(holder: HTMLElement, open: () => void) => ReturnType<typeof createBar>} [bars] what opens the panel; left out,
 *   the panel itself stands in the page (except `bind`), and a popup moves it into a modal while it is open
 * @returns {CaptchaObj}
 */
export function createCaptcha(config, createFace, bars) {
  var captcha = /** @type {CaptchaObj} */ ({})
  var product = productOf(config)
  var inPlace = product === 'embed' || !(bars || /^(popup|bind)$/.test(product))
  var holder = add(null, 'div', '', 'position:relative;max-width:100%;text-align:left')
  holder.style.width = size(config.width, '300px')
  var panel = add(inPlace || !(bars || product === 'bind') ? holder : null, 'div', 'geetest_panel')
  var form = add(holder, 'div', 'geetest_form')
  var fill = addFields(form, FIELDS)
  /** @type {'init' | State} */
  var state = 'init'
  /** @type {GeetestValidate | false} */
  var result = false
  var wanted = false
  var enabled = true
  var opened = false
  var gone = false
  var wasReady = false
  var announced = false
  var passtime = 0
  /** @type {number} */
  var closing
  /** @type {ReturnType<typeof createModal> | undefined} */
  var layer
  var events = createEvents(captcha, isGone, function (thrown) {
    report('116', 'a handler threw ' + thrown, '', thrown)
  })

  var face = createFace({
    config: config,
    panel: panel,
    inPlace: inPlace,
    ready: ready,
    pass: pass,
    emit: events.emit,
    error: fail,
    close: close,
    retry: reset,
  })
  var bar = bars && !inPlace && product !== 'bind' && bars(holder, open)

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
    fill(result)
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
    if (config.area ? !area : product === 'custom') return fail('112', 'no area')
    if (bar && product === 'float') layer = bar.float(panel, holder, close)
    else if (!inPlace) layer = createModal(panel, area || readDocument('body'), config.bg_color || '#000', close)
    show('wait')
    face.load()
  }

  function open() {
    if (!enabled || result) return
    wanted = true
    if (state === 'error') reset()
    if (state !== 'ready') return
    wanted = false
    if (layer) {
      if (opened) return
      opened = true
      layer.open()
    }
    face.open()
    events.emit('onBoxShow')
    announce()
  }

  function close() {
    clearTimeout(closing)
    wanted = false
    if (!layer || !opened) return
    opened = false
    layer.close()
    face.close()
    if (!result) events.emit('onClose')
  }

  function reset() {
    if (!layer && !inPlace) return
    clearTimeout(closing)
    result = announced = false
    passtime = 0
    fill(result)
    show('wait')
    face.reset()
  }

  /** @param {HTMLElement} button */
  function bindOn(button) {
    on(button, 'click', function (event) {
      if (gone || result) return
      event.preventDefault()
      open()
    })
  }

  /** @param {boolean} value */
  function enable(value) {
    enabled = value
    holder.style.opacity = value ? '' : '.6'
    if (bar) bar.enable(value)
    face.enable(value)
  }

  function isGone() {
    return gone
  }

  addMethods(
    captcha,
    isGone,
    report,
    {
      verify: open,
      reset: reset,
      refresh: reset,
      hideRefresh: face.hideRefresh,
      // What the vendor's sends along with an answer: there is nobody to send it to.
      setInfos: nothing,
      validate: nothing,
      show: function () {
        holder.style.display = ''
        if (!inPlace) open()
      },
      hide: function () {
        if (inPlace) holder.style.display = 'none'
        close()
      },
      enable: enable.bind(null, true),
      disable: enable.bind(null, false),
      zoom: function (factor) {
        holder.style.zoom = panel.style.zoom = factor
      },
      destroy: function () {
        close()
        gone = true
        face.destroy()
        remove(holder)
        remove(form)
      },
    },
    {
      appendTo: function (parent) {
        parent.appendChild(holder)
        load()
      },
      bindForm: function (parent) {
        parent.appendChild(form)
      },
      bindOn: bindOn,
      bindButton: bindOn,
    },
    events.on,
  )
  captcha.getValidate = function () {
    return result
  }
  captcha.getPasstime = function () {
    return passtime
  }
  if (product === 'bind') setTimeout(load, 0)
  return captcha
}
