/** @import { createBar, State as BarState } from '../../../public/parts/bar.js' */
/** @import { Failure } from './cloud.js' */
/** @import { Version } from './versions.js' */
import { add, find, remove, size } from '../../../public/parts/dom.js'
import { isChinese } from '../../../public/parts/errors.js'
import { createCloudV4 } from './cloud-v4.js'
import { createHandlers } from './handlers.js'
import { keepOpen } from './mask.js'
import { after } from './motion.js'
import { createSlide } from './slide.js'
import { refusal } from './texts.js'

/** Height of the vendor's button. */
var HEIGHT = '50px'
/** Below this width there is no room beside the button: the vendor makes float a popup on phones. */
var PHONE = 500
/** After so long, in milliseconds, an unsolved captcha starts over by itself. */
var LIFETIME = 480000

/**
 * The vendor's states, by the vendor's names: what a method does depends on them, and nothing but them.
 *
 * @typedef {'init' | 'ready' | 'load' | 'nextReady' | 'wait' | 'boxShow' | 'compute' | 'success' | 'lock_success' | 'fail' |
 *   'refresh' | 'error' | 'lock_error' | 'close' | 'reset'} State
 */

/** Milliseconds that the widget takes before it is ready: some that a short download takes. */
var LOADING = 50

/** What the button shows; "ready" otherwise. @type {{ [state: string]: BarState }} */
var SHOWN = {
  init: 'wait',
  ready: 'wait',
  load: 'wait',
  reset: 'wait',
  lock_success: 'success',
  error: 'error',
  lock_error: 'error',
}

/** Stands for what needs no doing. */
function nothing() {}

/** @param {string} [product] */
function productOf(product) {
  if (product === 'popup' || product === 'bind') return product
  return window.innerWidth < PHONE ? 'popup' : 'float'
}

/**
 * What version 3 calls it, for the puzzle.
 *
 * @param {any} options
 */
function configV3(options) {
  var bar = options.hideBar || []
  return {
    product: options.product,
    lang: options.language || navigator.language,
    next_width: options.nextWidth,
    bg_color: (options.mask || {}).bgColor,
    hideClose: bar.indexOf('close') >= 0,
    hideRefresh: bar.indexOf('refresh') >= 0,
    hideSuccess: options.hideSuccess,
  }
}

/**
 * The object that pages get of version 4, as the vendor's gcaptcha4 makes it: its methods, what they answer, the order of its
 * events, and its traps.
 *
 * @param {any} options the page's, with what the loader was answered
 * @param {Version} version
 * @param {(holder: HTMLElement, lang: string, open: () => void) => ReturnType<typeof createBar>} bars
 * @returns {any}
 */
export function createGcaptcha4(options, version, bars) {
  var product = productOf(options.product)
  var isBind = product === 'bind'
  var upstream = createCloudV4(options)
  var handlers = createHandlers()
  /** What happens at the next event of that name. @type {{ [event: string]: Array<() => void> }} */
  var next = {}
  /** @type {State | ''} */
  var state = ''
  /** @type {State | ''} */
  var before = ''
  var wasReady = false
  var isDrawn = false
  var isBoxShown = false
  var gone = false
  /** What is wrong, for people. */
  var trouble = ''
  /** @type {ReturnType<typeof createSlide> | undefined} */
  var slide
  var letGo = nothing
  /** @type {number} */
  var aging

  var holder = add(null, 'div', '', 'position:relative;max-width:100%;text-align:left')
  holder.style.width = size((options.nativeButton || {}).width, '260px')
  var bar = isBind ? undefined : bars(holder, configV3(options).lang, press)
  var button = holder.querySelector('button')
  if (button) {
    button.className += ' geetest_btn_click'
    button.style.height = size((options.nativeButton || {}).height, HEIGHT)
  }
  if (options.rem > 0) holder.style.zoom = options.rem

  /** @param {State[]} states */
  function isIn(states) {
    return states.indexOf(/** @type {State} */ (state)) >= 0
  }

  /** @param {State} to */
  function enter(to) {
    if (gone) return
    before = state
    state = to
    var shown = SHOWN[to] || 'ready'
    holder.className = 'geetest_holder geetest_wind geetest_' + product + ' geetest_' + shown
    if (bar) bar.show(shown, shown === 'error' ? trouble : '')
    var act = acts[to]
    if (act) act()
  }

  /**
   * @param {string} event
   * @param {() => void} then
   */
  function once(event, then) {
    next[event] = (next[event] || []).concat(then)
  }

  /** @param {string} event */
  function happened(event) {
    var those = next[event] || []
    next[event] = []
    those.forEach(function (then) {
      then()
    })
  }

  /** What begins with a state. @type {{ [state: string]: () => void }} */
  var acts = {
    init: function () {
      // The vendor's loads its words and its style sheet first: pages that attach their handlers a render later are in time.
      setTimeout(enter, LOADING, 'ready')
    },
    ready: function () {
      var isFirst = !wasReady
      wasReady = true
      if (isFirst) handlers.emit('onReady')
      enter('load')
      happened('ready')
    },
    load: function () {
      draw()
      happened('load')
    },
    nextReady: function () {
      isDrawn = true
      handlers.emit('onNextReady', {
        lotNumber: options.lotNumber,
        captchaType: options.captchaType,
        client: '',
      })
      happened('nextReady')
    },
    wait: function () {
      if (before === 'nextReady') after(1000, show)
      else if (isDrawn) setTimeout(show, 0)
      else once('nextReady', show)
    },
    boxShow: function () {
      isBoxShown = true
      handlers.emit('onBoxShow')
    },
    // From here on `getValidate` has the answer; pages hear of it when the box is closed.
    success: function () {
      after(options.hideSuccess ? 1000 : 2000, function () {
        enter('close')
      })
    },
    fail: function () {
      /** @type {{ [name: string]: unknown }} */
      var what = {
        captchaId: options.captchaId,
        lotNumber: options.lotNumber,
        captchaType: options.captchaType,
        challenge: options.challenge,
      }
      if (version.failCount) what.failCount = options.failCount
      after(1500, function () {
        enter('refresh')
      })
      handlers.emit('onFail', what)
    },
    refresh: function () {
      if (slide) slide.refresh()
    },
    close: function () {
      isBoxShown = false
      if (before === 'success') return enter('lock_success')
      if (before === 'error') return enter('lock_error')
      closed(function () {
        handlers.emit('onClose')
      })
    },
    lock_success: function () {
      closed(function () {
        clearInterval(aging)
        handlers.emit('onSuccess')
      })
    },
    lock_error: function () {
      closed(nothing)
    },
    error: function () {
      if (!isBind) enter('close')
    },
    reset: function () {
      upstream.forget()
      upstream.load(function (failed) {
        if (gone) return
        if (failed) return broke(failed)
        age()
        enter('init')
      })
    },
  }

  /** @param {() => void} then */
  function closed(then) {
    if (slide) slide.hide()
    after(isBind ? 400 : 0, function () {
      if (!gone) then()
    })
  }

  function draw() {
    if (slide) slide.destroy()
    letGo()
    isDrawn = false
    var cloud = upstream.cloud
    var drawn = createSlide(
      configV3(options),
      {
        oneTry: true,
        get: cloud.get,
        refresh: cloud.refresh,
        judge: function (x, passtime, done) {
          enter('compute')
          cloud.judge(x, passtime, done)
        },
      },
      {
        ready: function () {
          enter('nextReady')
        },
        changed: function () {
          enter('nextReady')
        },
        solved: function () {
          enter('success')
        },
        failed: function () {
          enter('fail')
        },
        error: function (number, msg) {
          broke({ number: number, msg: msg, desc: upstream.said() })
        },
        left: function () {
          if (isBoxShown && isIn(['boxShow', 'nextReady', 'error'])) enter('close')
        },
        retry: showBox,
      },
      product === 'float' ? hang : undefined,
    )
    slide = drawn
    if (options.rem > 0) drawn.panel.style.zoom = options.rem
    if ((options.mask || {}).outside === false) letGo = keepOpen(drawn.panel)
  }

  /**
   * @param {HTMLElement} panel
   * @param {() => void} dismiss
   */
  function hang(panel, dismiss) {
    return /** @type {NonNullable<typeof bar>} */ (bar).float(panel, holder, dismiss)
  }

  function show() {
    if (gone || !slide) return
    slide.show()
    enter('boxShow')
  }

  /** The visitor has pressed the button. */
  function press() {
    if (state === 'lock_success') return
    if (!isIn(['error', 'lock_error'])) return enter('wait')
    enter('reset')
    once('nextReady', show)
  }

  /** What the page asks for: only `bind` has something to show. */
  function showBox() {
    if (!isBind || gone) return
    if (isIn(['lock_success', 'lock_error', 'error'])) enter('reset')
    if (isIn(['load', 'nextReady', 'close'])) openBind()
    else once('load', openBind)
  }

  function openBind() {
    after(400, function () {
      if (state === 'error') return
      if (state === 'load') once('nextReady', show)
      else show()
    })
  }

  /** @param {Failure} failed */
  function broke(failed) {
    trouble = refusal(configV3(options).lang, failed.number)
    if (failed.desc) report({ code: failed.number, msg: failed.msg, desc: failed.desc })
    else report(errorOf(failed.number, refusal(configV3(options).lang, failed.number), failed.msg))
  }

  /**
   * @param {string} code
   * @param {string} text for people
   * @param {string} detail for developers
   */
  function errorOf(code, text, detail) {
    return { code: code, msg: text, desc: { detail: detail }, lot_number: options.lotNumber }
  }

  /** @param {{ code: string, msg: string, desc: object, lot_number?: string }} error */
  function report(error) {
    if (wasReady) enter('error')
    clearInterval(aging)
    handlers.emit('onError', error)
  }

  function age() {
    clearInterval(aging)
    aging = setInterval(function () {
      if (!isIn(['lock_success', 'lock_error', 'error', 'success'])) enter('reset')
    }, LIFETIME)
  }

  /** @param {any} target */
  function place(target) {
    var parent = find(target)
    var text = isChinese(configV3(options).lang) ? '配置错误' : 'Configuration error'
    if (parent) parent.appendChild(holder)
    else report(errorOf('60002', text, 'appendTo: no such element'))
  }

  /** @param {any} target */
  function appendTo(target) {
    if (isBind || gone) return
    if (wasReady) place(target)
    else once('ready', place.bind(null, target))
  }

  /** @type {any} */
  var captcha = {}
  ;['onReady', 'onNextReady', 'onBoxShow', 'onSuccess', 'onFail', 'onError', 'onClose'].forEach(function (event) {
    captcha[event] = function (/** @type {unknown} */ handler) {
      handlers.add(event, handler)
      return captcha
    }
  })
  captcha.appendTo = function (/** @type {unknown} */ target) {
    appendTo(target)
    return captcha
  }
  captcha.getValidate = function () {
    return upstream.answer()
  }
  // These answer nothing: they cannot be chained.
  captcha.showBox = captcha.showCaptcha = function () {
    showBox()
  }
  captcha.reset = function (/** @type {any} */ more) {
    if (more && typeof more === 'object') for (var name in more) options[name] = more[name]
    if (isIn(['lock_success', 'lock_error', 'error'])) enter('reset')
  }
  captcha.destroy = function () {
    gone = true
    clearInterval(aging)
    letGo()
    if (slide) slide.destroy()
    remove(holder)
  }
  captcha.isOffline = function () {
    return false
  }
  captcha.uploadExtraData = nothing

  age()
  enter('init')
  return captcha
}
