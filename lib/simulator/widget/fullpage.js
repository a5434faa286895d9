/** @import { CaptchaObj, GeetestConfig, GeetestValidate } from '../../../public/gt' */
/** @import { createBar, State as BarState } from '../../../public/parts/bar.js' */
/** @import { Failure } from './cloud.js' */
/** @import { Version } from './versions.js' */
import { bare, copy } from '../../../public/parts/copy.js'
import { add, find, on, remove, size } from '../../../public/parts/dom.js'
import { makeError } from '../../../public/parts/errors.js'
import { addFields } from '../../../public/parts/form.js'
import { createBarCloud, createOfflineBarCloud, createSlideCloud } from './cloud.js'
import { createHandlers } from './handlers.js'
import { after } from './motion.js'
import { createSlide } from './slide.js'
import { refusal } from './texts.js'

/** @type {Array<keyof GeetestValidate>} */
var FIELDS = ['geetest_challenge', 'geetest_validate', 'geetest_seccode']
/** Below this width there is no room beside the bar: the vendor makes float a popup on phones. */
var PHONE = 500
/** After so long, in milliseconds, the bar asks for another challenge by itself. */
var LIFETIME = 540000

/**
 * The vendor's states, by the vendor's names: what a method does depends on them, and nothing but them.
 *
 * @typedef {'init' | 'ready' | 'compute_2' | 'radar_click' | 'radar_click_ready' | 'radar_click_hide' | 'radar_success' |
 *   'radar_error' | 'reset' | 'fail'} State
 */

/** What the bar shows. @type {{ [state: string]: BarState }} */
var SHOWN = {
  ready: 'ready',
  radar_click_ready: 'ready',
  radar_click_hide: 'ready',
  radar_success: 'success',
  radar_error: 'error',
}

/** Stands for what needs no doing. */
function nothing() {}

/** @param {GeetestConfig} config */
function productOf(config) {
  var product = config.product || 'popup'
  if (/^(popup|bind|custom)$/.test(product)) return product
  return window.innerWidth < PHONE ? 'popup' : 'float'
}

/**
 * The object that pages get of version 3, as the vendor's fullpage makes it, with slide as what follows: its methods, the order
 * of its events, and its traps.
 *
 * @param {GeetestConfig & { [name: string]: any }} given
 * @param {Version} version
 * @param {(holder: HTMLElement, open: () => void) => ReturnType<typeof createBar>} bars
 * @returns {any}
 */
export function createFullpage(given, version, bars) {
  /** @type {any} */
  var config = copy(bare({ lang: 'zh-cn' }), given)
  config.product = productOf(config)
  var isBind = config.product === 'bind'
  var cloud = config.offline ? createOfflineBarCloud(config) : createBarCloud(config)

  /** @type {State | ''} */
  var state = ''
  /** Undefined until the visitor passes, null after a reset. @type {GeetestValidate | null | undefined} */
  var result
  /** @type {any} */
  var failure
  /** @type {(() => unknown) | undefined} */
  var mayOpen
  /** @type {ReturnType<typeof createSlide> | undefined} */
  var slide
  /** @type {HTMLElement} */
  var holder
  /** @type {HTMLElement} */
  var form
  /** @type {ReturnType<typeof createBar> | undefined} */
  var bar
  /** @type {(values: GeetestValidate | false) => void} */
  var fill
  /** Where the bar stands, or the button that takes its place. @type {HTMLElement | undefined} */
  var container
  /** @type {HTMLElement | undefined} */
  var button
  /** @type {Array<() => void> | undefined} */
  var waiting = []
  var gone = false
  /** @type {number} */
  var aging

  var handlers = createHandlers(function (thrown) {
    fail('116', 'a handler threw ' + thrown, '', thrown)
  })

  /** @param {State[]} states */
  function isIn(states) {
    return states.indexOf(/** @type {State} */ (state)) >= 0
  }

  /** @param {State} to */
  function enter(to) {
    if (gone || state === to) return
    state = to
    if (holder) {
      holder.className = 'geetest_holder geetest_wind geetest_' + config.product + ' geetest_' + to
      if (to === 'radar_success') holder.className += ' geetest_success'
      if (bar) bar.show(SHOWN[to] || 'wait', to === 'radar_error' ? failure.user_error : '')
    }
    var act = acts[to]
    if (act) act()
  }

  /** What begins with a state. @type {{ [state: string]: () => void }} */
  var acts = {
    init: function () {
      if (!config.gt || !config.challenge) return fail('114', 'gt or challenge is missing')
      cloud.get(function (failed, data) {
        if (gone || broke(failed)) return
        take(data)
        draw()
        enter('ready')
        handlers.emit('onReady')
        var those = waiting || []
        waiting = undefined
        those.forEach(function (then) {
          then()
        })
      })
    },
    compute_2: function () {
      cloud.check(function (failed, data) {
        if (gone || broke(failed)) return
        if (data.result === 'forbidden') return fail('113', 'forbidden by the server')
        if (data.result !== 'success') return enter('radar_click')
        keep(config.challenge, data.validate)
        enter('radar_success')
      })
    },
    radar_click: openSlide,
    radar_click_ready: function () {
      if (slide) slide.show()
    },
    radar_click_hide: function () {
      if (slide) slide.hide()
      handlers.emit('onClose')
    },
    radar_success: function () {
      fill(result || false)
      after(400, function () {
        if (slide && isBind) slide.hide()
        handlers.emit('onSuccess')
      })
    },
    radar_error: function () {
      handlers.emit('onError', failure)
    },
    fail: function () {
      enter('radar_click_ready')
      handlers.emit('onFail')
    },
  }

  /** @param {any} data what the cloud answers wins over what the page has said */
  function take(data) {
    for (var key in data) config[key] = data[key]
  }

  /**
   * @param {string} challenge
   * @param {string} validate
   */
  function keep(challenge, validate) {
    var signed = validate.split('|')[0]
    result = { geetest_challenge: challenge, geetest_validate: signed, geetest_seccode: signed + '|jordan' }
  }

  /**
   * @param {string} number
   * @param {string} msg
   * @param {string} [text]
   * @param {unknown} [detail]
   */
  function fail(number, msg, text, detail) {
    failure = makeError(config.lang, number, msg, text)
    if (detail) failure.detail = detail
    console.error(new Error('GeetestError: ' + msg))
    enter('radar_error')
  }

  /** @param {Failure | null} failed */
  function broke(failed) {
    if (failed) fail(failed.number, failed.msg, refusal(config.lang, failed.number))
    return !!failed
  }

  function draw() {
    holder = add(null, 'div', 'geetest_holder', 'position:relative;max-width:100%;text-align:left')
    holder.style.width = size(config.width, '260px')
    form = add(holder, 'div', 'geetest_form')
    fill = addFields(form, FIELDS)
    if (!isBind) {
      bar = bars(holder, nothing)
      on(holder, 'click', press)
    }
    age()
  }

  function age() {
    clearTimeout(aging)
    if (config.autoReset !== false) aging = setTimeout(renew, LIFETIME, nothing)
  }

  /** @param {any} event on the bar */
  function press(event) {
    if (slide && slide.panel.contains(event.target)) return
    if (state === 'radar_click_hide' && slide && !button) return enter('radar_click_ready')
    if (state === 'radar_error') return reset(check)
    if (state === 'ready' && (typeof mayOpen !== 'function' || mayOpen())) check()
  }

  function check() {
    enter('compute_2')
  }

  function openSlide() {
    if (slide) slide.destroy()
    var opened = createSlide(
      config,
      createSlideCloud(config),
      {
        ready: function () {
          enter('radar_click_ready')
        },
        solved: function (challenge, validate) {
          keep(challenge, validate)
          after(config.hideSuccess ? 0 : 550, passed)
        },
        failed: function () {
          if (!version.onFail) return
          after(400, function () {
            if (slide === opened) enter('fail')
          })
        },
        error: function (number, msg, text) {
          if (!isBind) opened.hide()
          fail(number, msg, text)
        },
        left: function () {
          if (!isIn(['radar_error', 'radar_success', 'reset'])) enter('radar_click_hide')
          else opened.hide()
        },
        retry: verify,
      },
      bar && config.product === 'float' ? hang : undefined,
    )
    slide = opened
  }

  /**
   * @param {HTMLElement} panel
   * @param {() => void} dismiss
   */
  function hang(panel, dismiss) {
    return /** @type {NonNullable<typeof bar>} */ (bar).float(panel, holder, dismiss)
  }

  function passed() {
    if (isBind) return enter('radar_success')
    // Here the vendor says that the check is closed, before it says that it is passed.
    enter('radar_click_hide')
    clearTimeout(aging)
    after(config.product === 'float' ? 50 : 450, function () {
      enter('radar_success')
    })
  }

  /**
   * Asks for the challenge that the next round goes on with.
   *
   * @param {() => void} then
   */
  function renew(then) {
    clearTimeout(aging)
    cloud.reset(function (failed, data) {
      if (gone) return
      result = null
      if (broke(failed)) return
      take(data)
      age()
      then()
    })
  }

  /** @param {() => void} [then] */
  function reset(then) {
    if (!holder || !isIn(['radar_success', 'radar_error'])) return
    var wasSolved = state === 'radar_success'
    enter('reset')
    renew(function () {
      if (wasSolved) fill(false)
      enter('ready')
      if (then) then()
    })
  }

  function verify() {
    if (!isBind || (typeof mayOpen === 'function' && !mayOpen())) return
    if (state === 'ready') check()
    else if (state === 'radar_click_hide') enter('radar_click_ready')
    else reset(check)
  }

  /**
   * @param {() => void} then once the bar is there
   */
  function whenReady(then) {
    if (waiting) waiting.push(then)
    else then()
  }

  /** @type {any} */
  var captcha = {}

  /**
   * @param {string} name
   * @param {(argument: any) => void} act
   */
  function method(name, act) {
    captcha[name] = function (/** @type {any} */ argument) {
      if (!gone) act(argument)
      return captcha
    }
  }

  method('appendTo', function (target) {
    if (isBind) return
    whenReady(function () {
      if (container || button) return
      container = find(target) || undefined
      if (container) container.appendChild(holder)
      else fail('100', 'appendTo: no such element')
    })
  })
  method('bindForm', function (target) {
    whenReady(function () {
      var parent = find(target)
      if (parent) parent.appendChild(form)
      else fail('118', 'bindForm: no such element')
    })
  })
  method('bindButton', function (target) {
    whenReady(function () {
      if (container || button) return
      button = find(target) || undefined
      // The vendor has no words of its own for it.
      if (!button) return fail('117', 'bindButton: no such element')
      on(button, 'click', function () {
        if (state === 'ready') check()
        else if (state === 'radar_click_hide' && slide) enter('radar_click_ready')
      })
    })
  })
  method('reset', function () {
    reset()
  })
  method('setInfos', nothing)
  method('validate', function (ask) {
    mayOpen = ask
  })
  // Whatever the state is: before the check was opened by a press there is nothing to show, and no way back.
  method('show', function () {
    enter('radar_click_ready')
  })
  method('hide', function () {
    enter('radar_click_hide')
  })
  method('verify', verify)
  var events = ['onReady', 'onSuccess', 'onError', 'onClose', 'onNextReady']
  if (version.onFail) events.push('onFail')
  events.forEach(function (event) {
    method(event, function (handler) {
      handlers.add(event, handler)
    })
  })
  captcha.getValidate = function () {
    return gone ? false : result
  }
  captcha.destroy = function () {
    if (gone) return
    gone = true
    clearTimeout(aging)
    handlers.clear()
    if (slide) slide.destroy()
    if (holder) remove(holder)
  }

  enter('init')
  return captcha
}
