/** @import { Face, Host } from '../../../public/parts/face' */
/** @import { Cloud, Failure, GetPuzzle, Puzzle, Verdict } from './cloud.js' */
import { frame } from '../../../public/parts/colors.js'
import { size } from '../../../public/parts/dom.js'
import { followDrag } from './drag.js'
import { followKeys } from './keys.js'
import { animate } from './motion.js'
import { drawPuzzle } from './puzzle.js'
import { refusal, textsFor } from './texts.js'
import { createView } from './view.js'

/** Auto reset, as the vendor's: before the challenge of 600 seconds dies. */
var LIFETIME = 540000
/** Width of the handle, in pixels. */
var HANDLE = 44
/** A shorter drag is a click: nothing is sent. */
var CLICK = 3

/** Stands for a motion that is over, and for what needs no doing. */
function nothing() {}

/**
 * The slider puzzle.
 *
 * For browser tests: `.geetest_slider_button` carries `data-gap`, the distance in CSS pixels from its place at the start
 * to the gap. With Playwright: press the mouse on its centre, move by that much to the right, release.
 *
 * @param {Host} host
 * @param {Cloud} cloud
 * @returns {Face & { refresh: () => void }} `refresh` gets another picture, as its button does
 */
export function createFace(host, cloud) {
  var config = host.config
  var texts = textsFor(config.lang)
  var view = createView(host.panel, texts, { refresh: refresh, close: host.close, retry: host.retry })
  var handle = view.handle
  /** @type {Puzzle} */
  var puzzle
  /** @type {ReturnType<typeof drawPuzzle>} */
  var drawing
  var playing = false
  var enabled = true
  var round = 0
  var x = 0
  var from = 0
  var began = 0
  var drawn = 0
  var stopMotion = nothing
  /** @type {number} */
  var aging

  dress(host, texts.name)
  if (config.hideRefresh) view.refresh.style.display = 'none'
  if (config.hideClose || host.inPlace) view.close.style.display = 'none'
  view.say('busy', texts.busy, texts.busy)
  view.slide(0)

  /** Furthest place of the piece, in pixels of the picture. */
  function most() {
    return puzzle.width - puzzle.size
  }

  /** CSS pixels that the handle can travel, per pixel of the picture. */
  function ratio() {
    return ((view.slider.clientWidth || puzzle.width) - HANDLE) / most()
  }

  /** @param {number} to */
  function move(to) {
    x = Math.max(0, Math.min(most(), to))
    drawing.move(x)
    view.slide(x * ratio())
    var left = Math.round(puzzle.gap - x)
    var words =
      left === 0 ? texts.fits : (left > 0 ? texts.right : texts.left).replace('PIXELS', String(Math.abs(left)))
    handle.setAttribute('aria-valuenow', String(Math.round(x)))
    handle.setAttribute('aria-valuetext', words)
    handle.setAttribute('data-gap', String(Math.round(puzzle.gap * ratio())))
  }

  function mayStart() {
    if (!playing || !enabled) return false
    stopMotion()
    began = began || new Date().getTime()
    view.say('plain', texts.hint)
    return true
  }

  /**
   * @param {Failure | null} failure
   * @returns {failure is Failure}
   */
  function broke(failure) {
    if (!failure) return false
    playing = false
    var text = refusal(config.lang, failure.number)
    view.say('error', text)
    host.error(failure.number, failure.msg, text)
    if (failure.number === '113') host.emit('onStatusChange', 'Forbidden')
    return true
  }

  /**
   * Gets a puzzle and draws it. What an earlier request still brings is dropped.
   *
   * @param {GetPuzzle} get
   * @param {string} text said over the new puzzle
   * @param {() => void} done
   */
  function fetchPuzzle(get, text, done) {
    var mine = ++round
    var hadFocus = host.panel.contains(document.activeElement)
    playing = false
    stopMotion()
    view.say('busy', texts.busy, texts.busy)
    get(function (failure, data) {
      if (mine !== round || broke(failure)) return
      puzzle = /** @type {Puzzle} */ (data)
      drawing = drawPuzzle(view.picture, puzzle)
      handle.setAttribute('aria-valuemin', '0')
      handle.setAttribute('aria-valuemax', String(most()))
      move(0)
      playing = true
      began = 0
      drawn = new Date().getTime()
      view.say('plain', text)
      if (hadFocus && !host.panel.contains(document.activeElement)) handle.focus()
      done()
    })
  }

  function ready() {
    clearTimeout(aging)
    aging = setTimeout(cloud.reset ? host.retry : refresh, LIFETIME)
    host.ready()
  }

  function refresh() {
    if (playing && enabled) change()
  }

  function change() {
    fetchPuzzle(cloud.refresh, texts.hint, function () {
      host.emit('onRefresh')
    })
  }

  function submit() {
    var mine = round
    var passtime = new Date().getTime() - began
    playing = false
    view.say('busy', texts.judging)
    cloud.judge(Math.round(x), passtime, function (failure, verdict) {
      if (mine !== round || broke(failure)) return
      if (verdict && verdict.result === 'success') succeed(verdict, passtime)
      else miss()
    })
  }

  /**
   * @param {Verdict} verdict
   * @param {number} passtime
   */
  function succeed(verdict, passtime) {
    move(puzzle.gap)
    drawing.close()
    view.say('success', texts.success.replace('SECONDS', (passtime / 1000).toFixed(1)))
    host.pass(puzzle.challenge, verdict.validate.split('|')[0], passtime)
  }

  function miss() {
    var last = x
    playing = !cloud.oneTry
    began = 0
    view.say('fail', texts.fail)
    stopMotion = animate(500, function (part) {
      view.picture.style.marginLeft = part < 1 ? Math.round(Math.sin(part * 20) * 6 * (1 - part)) + 'px' : ''
      move(last * (1 - part))
    })
    host.emit('onFail')
    host.emit('onStatusChange', 'Fail')
  }

  var stopDrag = followDrag(handle, {
    start: function () {
      from = x
      return mayStart()
    },
    move: function (distance) {
      move(from + distance / ratio())
    },
    end: function () {
      if (Math.abs(x - from) * ratio() < CLICK) move(from)
      else submit()
    },
    cancel: function () {
      move(from)
    },
  })
  followKeys(handle, {
    start: mayStart,
    move: function (by) {
      move(x + by)
    },
    submit: submit,
  })

  return {
    load: function () {
      fetchPuzzle(cloud.get, texts.hint, ready)
    },
    reset: function () {
      var expired = drawn && new Date().getTime() - drawn >= LIFETIME
      fetchPuzzle(cloud.reset || cloud.get, expired ? texts.expired : texts.hint, ready)
    },
    open: function () {
      move(x)
      handle.focus()
    },
    close: nothing,
    refresh: change,
    enable: function (value) {
      enabled = value
      handle.setAttribute('aria-disabled', String(!value))
    },
    hideRefresh: function () {
      view.refresh.style.display = 'none'
    },
    destroy: function () {
      round++
      clearTimeout(aging)
      stopMotion()
      stopDrag()
    },
  }
}

/**
 * The panel itself: a card, or a framed part of the page.
 *
 * @param {Host} host
 * @param {string} name
 */
function dress(host, name) {
  host.panel.setAttribute('aria-label', name)
  var style = host.panel.style
  style.cssText +=
    ';position:relative;box-sizing:border-box;max-width:100%;margin:auto;padding:15px 19px 11px;direction:ltr;text-align:left' +
    frame() +
    ';border-radius:12px'
  style.width = host.inPlace ? '100%' : size(host.config.next_width, '300px')
  if (!host.inPlace) style.boxShadow = '0 12px 40px rgba(16,24,40,.28)'
}
