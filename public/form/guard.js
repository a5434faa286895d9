import { getChallenge } from './challenge.js'
import { callDocument, createElement, isInPage, readDocument } from '../parts/own.js'
import { findPlace } from './place.js'
import { CHINESE, ENGLISH } from './texts.js'

/** @typedef {'loading' | 'ready' | 'solved' | 'spent' | 'error'} State */
/** @typedef {(event: any) => boolean} Guard hears what happens on the page; false once its form has gone */

/**
 * What opens the check where it does not stand in the page: the bar of version 3, the button of version 4. Pressed, as a visitor
 * would: of the vendor's objects no method does the same.
 */
var BAR = '.geetest_radar_tip,.geetest_btn_click'

/**
 * The captcha of one form. An answer is good for one submit: once a submit was let through it counts as spent, and is
 * renewed when the visitor edits the form or submits it again, or when the page says so.
 *
 * @param {any} form an HTMLFormElement; any, for what it is given here
 * @returns {Guard}
 */
export function createGuard(form) {
  var texts = /^(zh|$)/i.test(data('lang') || readDocument('documentElement').lang) ? CHINESE : ENGLISH
  var bind = data('product') === 'bind'
  var submit = form.querySelector('[type=submit],button:not([type])')
  var place = findPlace(form, submit)
  var line = place.appendChild(createElement('div'))
  line.setAttribute('role', 'alert')
  /** @type {any} the vendor's, of any version, or one of ours: a method is there or not */
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
  /** @type {any} the button of that submit */
  var button
  /** @type {boolean | undefined} the check is to be opened as soon as the captcha stands in the page */
  var late
  /** @type {boolean | undefined} the check has closed on a right answer, which is told in a moment */
  var passed
  /** @type {boolean | undefined} the check is open, as far as the captcha tells */
  var shown
  /** @type {number} when a submit found it so */
  var tried

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
    var event = callDocument('createEvent', 'CustomEvent')
    event.initCustomEvent('geetest:' + name, true, true, detail)
    return form.dispatchEvent(event)
  }

  /** @param {State} to */
  function become(to) {
    state = to
    form.setAttribute('data-geetest-state', to)
    line.textContent = ''
  }

  /**
   * Not every object of the vendor's has every method.
   *
   * @param {string} name
   * @param {unknown} [argument]
   */
  function call(name, argument) {
    return captcha && captcha[name] && captcha[name](argument)
  }

  /** @param {State} to */
  function drop(to) {
    round++
    // What is about to go must not take the focus along.
    if (submit && place.contains(readDocument('activeElement'))) submit.focus()
    call('destroy')
    // The vendor's leave inputs behind.
    place.textContent = ''
    place.appendChild(line)
    captcha = late = shown = passed = undefined
    become(to)
  }

  function renew() {
    drop('loading')
    born = Date.now()
    var mine = round
    // A page that comes by the back button brings a challenge that was used before.
    var given = (performance.navigation || 0).type < 2 && data('challenge')
    form.removeAttribute('data-challenge')

    /** @param {any} error */
    function failed(error) {
      // What was solved stays good.
      if (mine === round && state !== 'solved' && state !== 'spent') recover(error)
    }

    getChallenge(data, given, recovered, function (config, status, init) {
      if (mine !== round) return
      if (!config) return fail('http_' + status, 0, status > 399 && ': ' + status)
      config.product = data('product') || 'float'
      // "custom" without an area is the vendor's alone.
      if (!config.success && config.product === 'custom') config.product = 'float'
      config.lang = data('lang') || texts.lang
      config.width = '100%'
      config.offline = !config.success
      config.onError = failed
      init(config, function (made) {
        if (mine !== round) return made.destroy()
        captcha = made

        /**
         * @param {string} name
         * @param {(detail: any) => void} handler
         */
        function on(name, handler) {
          call('on' + name, function (/** @type {any} */ detail) {
            // What was destroyed may still have something to say.
            if (mine === round) handler(detail)
          })
        }
        on('Ready', function () {
          become('ready')
          if (emit('ready', made) && wanted) open()
        })
        on('BoxShow', function () {
          shown = true
        })
        on('Success', succeed)
        on('Fail', function () {
          emit('fail')
        })
        on('Error', failed)
        on('Close', close)
        // "bind" stands nowhere: only its hidden fields do. Each has an element of its own: one of the vendor's that was destroyed
        // before it was ready still comes.
        call(bind ? 'bindForm' : 'appendTo', place.insertBefore(createElement('div'), line))
      })
    })
  }

  /**
   * @param {string} code
   * @param {unknown} slow whether time ran out
   * @param {string | false} [why] where that is known
   */
  function fail(code, slow, why) {
    var text = texts.failed + (why || (slow ? texts.slow : texts.blocked))
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
   * @param {any} error an object, or a text in older loaders
   */
  function recover(error) {
    var code = error.code || 'error_111'
    // The cloud's own refusals have words for people; in what is left it was not reached.
    if (recovered) return fail(code, error.slow, /_(\d\d|113)$/.test(code) && ': ' + error.user_error)
    recovered = true
    renew()
  }

  function close() {
    shown = false
    // The vendor's says so before it says that it is solved; by then it has the answer. One that needs a press alone always has.
    if ((passed = !captcha.byHand && call('getValidate'))) return
    // The press on the form's button was one outside the check.
    if (Date.now() - tried < 1000) return open()
    wanted = false
    emit('close')
  }

  function succeed() {
    var send = wanted
    wanted = shown = recovered = false
    become('solved')
    if (emit('success', call('getValidate')) && send) {
      // Older browsers: a click sends the form with its button, and is checked like the visitor's own.
      if (form.requestSubmit) form.requestSubmit(button && button.form === form ? button : null)
      else button.click()
    }
  }

  /** @returns {HTMLElement | null} what a visitor would begin with */
  function findFirst() {
    return place.querySelector('[tabindex],button,[type=checkbox]')
  }

  /** Opens the check, or shows where it stands. */
  function open() {
    line.textContent = texts.unsolved
    if (state !== 'ready' || passed) return
    var first = findFirst()
    var bar = /** @type {HTMLElement | null} */ (place.querySelector(BAR))
    // The vendor's stands there only a little after it has said that it is ready.
    late = !bind && !first
    // What stands in the page needs no more; what opens takes the focus on.
    if (first) first.focus()
    if (shown) tried = Date.now()
    else if (bar && !captcha.byHand) bar.click()
    // Our own in an outage has no bar.
    else if (!bar && (bind || data('product') === 'popup')) call('verify')
  }

  /** A new captcha for whatever comes next. */
  function reset() {
    wanted = false
    renew()
  }

  /** @param {any} event submit */
  function attempt(event) {
    var now = Date.now()
    var solved = state === 'solved'
    if (solved && call('getValidate')) {
      born = now
      return become('spent')
    }
    event.preventDefault()
    event.stopImmediatePropagation()
    // The second half of a double click.
    if (state === 'spent' && now - born < 500) return
    wanted = true
    button = event.submitter || submit
    // Solved, but without an answer: the page has started it over.
    if (solved || state === 'spent' || state === 'error') renew()
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
    else if (!readDocument('hidden') && Date.now() - born > 500000) renew()
    // The slowest lines take a third of that.
    else if (state === 'loading' && Date.now() - born > 60000) fail('timeout', true)
    else if (late && findFirst()) open()
    if (target === form) {
      if (event.type === 'reset') reset()
      else attempt(event)
    } else if (target && target.form === form && state === 'spent') renew()
    return here
  }
}
