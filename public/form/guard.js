import { getChallenge, words } from './challenge.js'
import { callDocument, callForm, createElement, globalFunction, isInPage, readDocument } from '../parts/own.js'
import { offerRetry } from './notice.js'
import { clear, findButton, findPlace } from './place.js'
import { send, sendSilently } from './send.js'
import { textsFor } from './texts.js'

/** @typedef {'idle' | 'loading' | 'ready' | 'solved' | 'spent' | 'error'} State */

/**
 * @typedef {object} Guard
 * @property {any} form
 * @property {any} face what pages work with
 * @property {(event: any) => boolean} hear what happens on the page; false once its form has gone
 * @property {() => boolean} mayGo a script sends the form silently: whether it may
 */

/**
 * What opens the check where it does not stand in the page: the bar of version 3, the button of version 4. Pressed, as a visitor
 * would: of the vendor's objects no method does the same.
 */
var BAR = '.geetest_radar_tip,.geetest_btn_click'

/** Errors of captchas that reached nobody: all others are somebody's refusal, and have words for people. */
var UNREACHED = /^(error_1(?!13)\d\d|60(100|2\d\d))$/

/** Stands for what needs no doing. */
function nothing() {}

/** The form that was used last: what a visitor works with must not lose its challenge to forms that nobody touches. @type {any} */
var current

/**
 * The captcha of one form. An answer is good for one submit: once a submit was let through it counts as spent, and is
 * renewed when the visitor edits the form or submits it again, or when the page says so.
 *
 * What stands here hangs on no member of the form's, for its controls can take the names of all of them; and nothing is sent
 * while anything is wrong.
 *
 * @param {any} form an HTMLFormElement
 * @param {boolean} early whether the challenge is fetched at once, or when the form is first used
 * @returns {Guard}
 */
export function createGuard(form, early) {
  var texts = textsFor(data, words, reword)
  var bind = data('product') === 'bind'
  /** @type {import('./place.js').Place} */
  var place
  /** @type {any} what the captcha stands in */
  var holder
  /** How much of the captcha was seen in the form. */
  var seen = 0
  /** @type {any} the vendor's, of any version, or one of ours: a method is there or not */
  var captcha
  /** @type {State} */
  var state
  var round = 0
  /** @type {number} when the challenge was asked for; once it is spent, when that was */
  var born
  /** When the captcha was last drawn. */
  var drawn = 0
  /** Whether the form was ever in the page. */
  var arrived = false
  /** @type {boolean | undefined} a challenge was renewed because of an error, and nothing was solved since */
  var recovered
  /** @type {boolean | undefined} the check was open when that error came, and has gone */
  var interrupted
  /** @type {(() => void) | undefined} a submit waits for the captcha: sends it */
  var wanted
  /** @type {Array<(answer: any) => void>} who waits for an answer */
  var waiting = []
  /** @type {any} the submit that was let through */
  var sent
  /** @type {boolean | undefined} the server has said that the next submit needs no answer */
  var free
  /** @type {boolean | undefined} the check is to be opened as soon as the captcha stands in the page */
  var late
  /** @type {boolean | undefined} the check has closed on a right answer, which is told in a moment */
  var passed
  /** @type {boolean | undefined} the check is open, as far as the captcha tells */
  var shown
  /** @type {number} when a submit found it so */
  var tried
  /** What the page's policy has stopped. */
  var policy = ''
  /** Whether a captcha is just being taken away. */
  var dropping = false
  var stopCounting = nothing
  /** @type {boolean | undefined} the server has said when it wants to be asked again */
  var counting

  /** @param {string} name */
  function data(name) {
    return callForm(form, 'getAttribute', 'data-' + name) || ''
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   * @returns {boolean} whether the page leaves what follows to us
   */
  function emit(name, detail) {
    var event = callDocument('createEvent', 'CustomEvent')
    event.initCustomEvent('geetest:' + name, true, true, detail)
    return callForm(form, 'dispatchEvent', event)
  }

  /** @param {State} to */
  function become(to) {
    state = to
    callForm(form, 'setAttribute', 'data-geetest-state', to)
    place.alert.textContent = place.note.textContent = ''
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
    // What goes gives the focus back, and that is heard here as well.
    dropping = true
    round++
    stopCounting()
    var button = findButton(form)
    // What is about to go must not take the focus along.
    if (button && place && place.element.contains(readDocument('activeElement'))) button.focus()
    call('destroy')
    // It may have gone, or been marked elsewhere, with the form still there.
    if (!place || !callForm(form, 'contains', place.element)) place = findPlace(form)
    // The vendor's leave inputs behind.
    clear(place)
    captcha = holder = late = shown = passed = free = counting = undefined
    seen = 0
    become(to)
    dropping = false
  }

  /** @returns {number} how much of the captcha is in the form: what stands there, and its hidden fields */
  function count() {
    return holder ? holder.childNodes.length + place.element.querySelectorAll('input[type=hidden]').length : 0
  }

  /** Whatever else works on the form may take the captcha out of it, wholly or in part. */
  function isTorn() {
    var now = count()
    var torn =
      !callForm(form, 'contains', place.element) ||
      !place.element.contains(place.alert) ||
      (!!holder && !place.element.contains(holder)) ||
      now < seen
    seen = Math.max(seen, now)
    return torn
  }

  function renew() {
    drop('loading')
    if (!bind) place.note.textContent = texts.loading
    born = drawn = Date.now()
    var mine = round
    // A page that comes by the back button brings a challenge that was used before.
    var given = (performance.navigation || 0).type < 2 && data('challenge')
    callForm(form, 'removeAttribute', 'data-challenge')

    /** @param {any} error */
    function failed(error) {
      // What was solved stays good.
      if (mine === round && state !== 'solved' && state !== 'spent') recover(error)
    }

    getChallenge(data, given, recovered, function (config, trouble, init) {
      if (mine !== round) return
      if (!config) {
        if (trouble.scene) return fail('scene', ': data-scene="' + data('scene') + '", ' + trouble.scene, 0)
        var why = trouble.status > 399 ? ': ' + trouble.status : explain(trouble.slow)
        return fail('http_' + trouble.status, why, trouble.seconds)
      }
      config.product = data('product') || 'float'
      // "custom" without an area is the vendor's alone.
      if (!config.success && config.product === 'custom') config.product = 'float'
      config.lang = texts.lang
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
          policy = ''
          if (interrupted) place.alert.textContent = texts.anew
          if (emit('ready', made) && isAsked()) open()
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
        holder = place.element.insertBefore(createElement('div'), place.note)
        call(bind ? 'bindForm' : 'appendTo', holder)
      })
    })
  }

  /** @param {unknown} slow whether time ran out */
  function explain(slow) {
    return policy ? texts.policy.replace('%', policy) : slow ? texts.slow : texts.blocked
  }

  /**
   * @param {string} code
   * @param {string} why
   * @param {number} seconds after which it is tried again by itself; 0: when the visitor says so
   */
  function fail(code, why, seconds) {
    var text = code === 'http_429' ? texts.many : texts.failed + why
    drop('error')
    var tell = emit('error', { code: code, text: text })
    // The page may have begun anew.
    if (state !== 'error') return
    counting = seconds > 0
    settle(null)
    if (tell || counting) {
      stopCounting = offerRetry(tell ? place.alert : createElement('div'), texts, text, seconds, renew)
    }
  }

  /**
   * The cloud may have gone in the middle: the next challenge is then the site's own. Asked for once by itself.
   *
   * @param {any} error an object, or a text in older loaders
   */
  function recover(error) {
    var code = String(error.code || 'error_111')
    var words = error.user_error || error.msg
    if (recovered) return fail(code, UNREACHED.test(code) || !words ? explain(error.slow) : ': ' + words, 0)
    recovered = true
    // Where the cloud has refused it, the visitor had it open, although not all of the vendor's tell.
    interrupted = shown || (state === 'ready' && !UNREACHED.test(code))
    renew()
  }

  /** @param {any} answer for who waits for one */
  function settle(answer) {
    waiting.splice(0).forEach(function (done) {
      done(answer)
    })
  }

  function isAsked() {
    return wanted || waiting.length
  }

  function close() {
    shown = false
    // The vendor's says so before it says that it is solved; by then it has the answer. One that needs a press alone always has.
    if ((passed = !captcha.byHand && call('getValidate'))) return
    // The press on the form's button was one outside the check.
    if (Date.now() - tried < 1000) return open()
    wanted = undefined
    settle(null)
    emit('close')
  }

  function succeed() {
    var go = wanted
    wanted = shown = recovered = interrupted = undefined
    become('solved')
    var goes = emit('success', call('getValidate'))
    if (waiting.length) settle(spend())
    else if (goes && go) go()
  }

  /** What the next submit takes along, where it may go; nothing else may. */
  function answerNow() {
    return (state === 'solved' && (free ? {} : call('getValidate'))) || null
  }

  /**
   * Lets a submit go, with its answer in the form.
   *
   * @returns {any} the answer; null where there is none, and nothing may go
   */
  function spend() {
    var answer = answerNow()
    if (!answer) return null
    var fields = place.element.querySelectorAll('input[type=hidden]')
    for (var i = 0; i < fields.length; i++) /** @type {any} */ (fields[i]).disabled = !!free
    Object.keys(answer).forEach(function (name) {
      var field = callForm(form, 'querySelector', 'input[name="' + name + '"]')
      if (field && field.value) return
      // Somebody has emptied it.
      if (!field) {
        field = holder.appendChild(createElement('input'))
        field.type = 'hidden'
        field.name = name
      }
      field.value = answer[name]
    })
    seen = count()
    born = Date.now()
    become('spent')
    return answer
  }

  /** @returns {HTMLElement | null} what a visitor would begin with */
  function findFirst() {
    return place.element.querySelector('[tabindex],button,[type=checkbox]')
  }

  /** Opens the check, or shows where it stands. Words are for what the visitor does not see by that. */
  function open() {
    if (state === 'loading') {
      place.note.textContent = ''
      place.alert.textContent = texts.loading
    }
    if (state !== 'ready' || passed) return
    var first = findFirst()
    var bar = /** @type {HTMLElement | null} */ (place.element.querySelector(BAR))
    // The vendor's stands there only a little after it has said that it is ready.
    late = !bind && !first
    if (!interrupted) place.alert.textContent = ''
    // What stands in the page needs no more; what opens takes the focus on.
    if (first) {
      first.focus()
      // Nothing opens, so words must say what to do.
      if (!shown && !interrupted) place.alert.textContent = texts.unsolved
    }
    if (shown) tried = Date.now()
    else if (bar && !captcha.byHand) bar.click()
    // Our own in an outage has no bar.
    else if (!bar && (bind || data('product') === 'popup')) call('verify')
    else if (!late) place.alert.textContent = texts.unsolved
  }

  /** A new captcha for whatever comes next. */
  function reset() {
    wanted = interrupted = undefined
    settle(null)
    renew()
  }

  /** Somebody uses this form: the first challenge of one that is not the page's first. */
  function use() {
    current = form
    if (state === 'idle') renew()
  }

  /** Gets an answer for who has just asked for one. */
  function ask() {
    use()
    // Solved, but without an answer: the page has started it over.
    if (state === 'solved' || state === 'spent' || (state === 'error' && !counting)) renew()
    open()
  }

  /**
   * Whether a submit may go. One that may not waits for the captcha.
   *
   * @param {() => void} go sends it then
   */
  function mayGo(go) {
    if (spend()) return true
    // The second half of a double click.
    if (state === 'spent' && Date.now() - born < 500) return false
    wanted = go
    ask()
    return false
  }

  /** @param {any} event submit: held, unless all is well */
  function attempt(event) {
    var button = event.submitter || findButton(form)
    var goes = false
    try {
      goes = mayGo(function () {
        send(form, button)
      })
    } finally {
      if (goes) sent = event
      else {
        event.preventDefault()
        event.stopImmediatePropagation()
      }
    }
  }

  /** For who wants the captcha to come only when the form is used: nothing is fetched before that. */
  function rest() {
    drop('idle')
    if (bind) return
    var start = place.note.appendChild(createElement('button'))
    start.type = 'button'
    start.textContent = texts.start
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- nobody else hears of it, and every byte counts
    start.onclick = use
  }

  /** Words of another language have come. */
  function reword() {
    var start = place.note.querySelector('button')
    if (start) start.textContent = texts.start
    else if (place.note.textContent) place.note.textContent = texts.loading
  }

  /** What pages work with. */
  var face = {
    reset: reset,

    /** @param {unknown} [left] */
    keep: function (left) {
      if (state !== 'spent') return
      become('solved')
      free = Number(left) > 0
    },

    /** @returns {Promise<any>} */
    solve: function () {
      return new (globalFunction('Promise'))(function (/** @type {(answer: any) => void} */ done) {
        var answer = spend()
        if (answer) return done(answer)
        waiting.push(done)
        ask()
      })
    },
  }
  Object.defineProperty(face, 'answer', { get: answerNow })

  /** @param {any} value */
  function expose(value) {
    try {
      Object.defineProperty(form, 'geetest', { value: value, configurable: true, writable: true })
      // oxlint-disable-next-line no-unused-vars -- ES5 knows no catch without a name
    } catch (taken) {
      // A control of the form's has that name: pages ask geetestForm.guard(form).
    }
  }

  /** What grows old, or has come to nothing. */
  function watch() {
    var now = Date.now()
    if (isTorn()) {
      // Who takes it out each time is not outrun.
      if (now - drawn < 1000) return
      if (state === 'idle') rest()
      else if (state !== 'error') renew()
      else drop('error')
    } else if (readDocument('hidden') || state === 'idle') return
    // The server forgets a challenge after 600 seconds.
    else if (now - born > 500000) {
      if (current && current !== form) rest()
      else renew()
    }
    // The slowest lines take a third of that.
    else if (state === 'loading' && now - born > 60000) fail('timeout', explain(true), 0)
    else if (late && findFirst()) open()
  }

  expose(face)
  if (early) renew()
  else rest()

  return {
    form: form,
    face: face,

    mayGo: function () {
      // Its own handlers have stopped the submit that was let through, and send it themselves.
      if (sent && state === 'spent' && sent.defaultPrevented) {
        sent = undefined
        return true
      }
      return mayGo(function () {
        if (spend()) sendSilently(form)
      })
    },

    hear: function (event) {
      if (dropping && event.type !== 'submit') return true
      var here = isInPage(form)
      var target = event.target
      if (here) arrived = true
      else if (arrived) {
        drop('loading')
        settle(null)
        expose(undefined)
        return false
      }
      if (event.persisted && state !== 'idle') reset()
      else watch()
      if (event.type === 'securitypolicyviolation') {
        var what = event.effectiveDirective || event.violatedDirective
        if (state !== 'loading' || event.disposition === 'report' || !/^(script|connect|require|trusted)/.test(what))
          return here
        if (!/inline|eval/.test(event.blockedURI)) policy = what
      } else if (target === form) {
        if (event.type === 'reset') reset()
        else if (event.type === 'submit') attempt(event)
      } else if (target && target.nodeType && (target.form === form || callForm(form, 'contains', target))) {
        if (event.type === 'input' && state === 'spent') renew()
        if (/^(focusin|input|click)$/.test(event.type)) use()
      }
      return here
    },
  }
}
