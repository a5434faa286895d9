/** @import { CaptchaObj, GeetestErrorObject } from '../gt' */
import { getChallenge } from './challenge.js'
import { createElement, isInPage } from '../parts/own.js'
import { findPlace } from './place.js'
import { CHINESE, ENGLISH } from './texts.js'

/** @typedef {'loading' | 'ready' | 'solved' | 'spent' | 'error'} State */
/** @typedef {(event: any) => boolean} Guard hears what happens on the page; false once its form has gone */

/**
 * The captcha of one form. An answer is good for one submit: once a submit was let through it counts as spent, and is
 * renewed when the visitor edits the form or submits it again, or when the page says so.
 *
 * @param {any} form an HTMLFormElement; any, for what it is given here
 * @returns {Guard}
 */
export function createGuard(form) {
  var texts = /^(zh|$)/i.test(data('lang') || document.documentElement.lang) ? CHINESE : ENGLISH
  var bind = data('product') === 'bind'
  var submit = form.querySelector('[type=submit],button:not([type])')
  var place = findPlace(form, submit)
  var line = place.appendChild(createElement('div'))
  line.setAttribute('role', 'alert')
  /** @type {CaptchaObj | undefined} */
  var captcha
  /** @type {State} */
  var state
  var round = 0
  /** @type {number} when the challenge was asked for; once it is spent, when that was */
  var born
  /** @type {boolean | undefined} a challenge was renewed because of an error, and nothing was solved since */
  var recovered
  /** @type {boolean | undefined} a submit waits for the captcha */
  var wanted
  /** @type {HTMLElement} the button of that submit */
  var button

  /** @param {string} name */
  function data(name) {
    return form.getAttribute('data-' + name) || ''
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   * @returns {boolean} whether the page leaves what follows to us
   */
  function emit(name, detail) {
    var event = document.createEvent('CustomEvent')
    event.initCustomEvent('geetest:' + name, true, true, detail)
    return form.dispatchEvent(event)
  }

  /** @param {State} to */
  function become(to) {
    state = to
    form.setAttribute('data-geetest-state', to)
    line.textContent = ''
  }

  /** @param {State} to */
  function drop(to) {
    round++
    // What is about to go must not take the focus along.
    if (submit && place.contains(document.activeElement)) submit.focus()
    if (captcha) captcha.destroy()
    captcha = undefined
    become(to)
  }

  function renew() {
    drop('loading')
    born = Date.now()
    var mine = round
    // A page that comes by the back button brings a challenge that was used before.
    var given = (performance.navigation || 0).type < 2 && data('challenge')
    form.removeAttribute('data-challenge')
    getChallenge(data, given, recovered, function (config, status, init) {
      if (mine !== round) return
      if (!config) return fail('http_' + status, status > 399 ? ': ' + status : texts.blocked)
      config.product = data('product') || 'float'
      config.lang = data('lang') || texts.lang
      config.width = '100%'
      config.offline = !config.success
      config.onError = recover
      init(config, function (made) {
        if (mine !== round) return made.destroy()
        captcha = made
        made
          .onReady(function () {
            become('ready')
            if (emit('ready', made) && wanted) open()
          })
          .onSuccess(succeed)
          .onError(recover)
          .onClose(function () {
            wanted = false
            emit('close')
          })
        // Not in every version of the vendor's.
        if (made.onFail) made.onFail(emit.bind(null, 'fail', null))
        // "bind" stands nowhere: only its hidden fields do.
        made[bind ? 'bindForm' : 'appendTo'](place)
        place.appendChild(line)
      })
    })
  }

  /**
   * @param {string} code
   * @param {string} text why
   */
  function fail(code, text) {
    text = texts.failed + text
    drop('error')
    if (!emit('error', { code: code, text: text })) return
    line.textContent = text + ' '
    var again = line.appendChild(createElement('button'))
    again.type = 'button'
    again.textContent = texts.retry
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- nobody else hears of it, and every byte counts
    again.onclick = renew
  }

  /**
   * The cloud may have gone in the middle: the next challenge is then the site's own. Asked for once by itself.
   *
   * @param {GeetestErrorObject} error
   */
  function recover(error) {
    if (recovered) return fail(error.code, texts.blocked)
    recovered = true
    renew()
  }

  function succeed() {
    var send = wanted
    wanted = recovered = false
    become('solved')
    if (emit('success', /** @type {CaptchaObj} */ (captcha).getValidate()) && send) {
      // Older browsers: a click sends the form with its button, and is checked like the visitor's own.
      if (form.requestSubmit) form.requestSubmit(button)
      else button.click()
    }
  }

  /** Opens the check, or shows where it stands. */
  function open() {
    line.textContent = texts.unsolved
    var first = /** @type {HTMLElement | null} */ (place.querySelector('[tabindex],button,[type=checkbox]'))
    if (state !== 'ready') return
    // What stands in the page needs no more; what opens takes the focus on.
    if (first) first.focus()
    ;/** @type {CaptchaObj} */ (captcha)[bind ? 'verify' : 'show']()
  }

  /** A new captcha for whatever comes next. */
  function reset() {
    wanted = false
    renew()
  }

  /** @param {any} event submit */
  function attempt(event) {
    var now = Date.now()
    if (state === 'solved') {
      born = now
      return become('spent')
    }
    event.preventDefault()
    event.stopImmediatePropagation()
    // The second half of a double click.
    if (state === 'spent' && now - born < 500) return
    wanted = true
    button = event.submitter || submit
    if (state === 'spent' || state === 'error') renew()
    open()
  }

  form.geetest = {
    reset: reset,
    keep: function () {
      if (state === 'spent') become('solved')
    },
  }
  renew()

  return function (event) {
    var here = isInPage(form)
    var target = event.target
    if (!here) {
      drop('loading')
      form.geetest = undefined
    } else if (event.persisted) reset()
    // The server forgets a challenge after 600 seconds.
    else if (!document.hidden && Date.now() - born > 500000) renew()
    if (target === form) {
      if (event.type === 'reset') reset()
      else attempt(event)
    } else if (target && target.form === form && state === 'spent') renew()
    return here
  }
}
