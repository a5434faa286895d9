/** @import { Face, Host } from '../parts/face' */
/** @import { State } from './view.js' */
import { on } from '../parts/dom.js'
import { wordsIn } from '../parts/languages.js'
import { solve } from './solve.js'
import { CHINESE, ENGLISH } from './texts.js'
import { createView } from './view.js'

/** The server forgets a challenge after 600 seconds: say so before that. */
var LIFETIME = 540000

/** Stands for work that is over, and for what needs no doing. */
function nothing() {}

/**
 * A checkbox, and a calculation behind it. The challenge says everything: `<id>.gt-offline.1.<hashes>.<count>.…` in
 * version 1, or `<id>.gt-offline.0`: closed.
 *
 * @param {Host} host
 * @param {string} script the address of the worker; empty: there is none
 * @returns {Face}
 */
export function createFace(host, script) {
  var challenge = host.config.challenge
  /** @type {typeof ENGLISH} */
  var texts
  var view = createView(host.panel)
  var terms = challenge.split('.')
  var count = parseInt(terms[4], 36)
  var enabled = true
  var opened = false
  var began = 0
  /** @type {State} */
  var state
  var stop = nothing
  // However often the visitor starts again, the challenge gets no younger.
  var aging = setTimeout(function () {
    terms = []
    host.retry()
  }, LIFETIME)

  /** @param {State} to */
  function show(to) {
    state = to
    view.show(to, to !== 'idle' || !enabled, to === 'work' || (opened && to !== 'done' && !host.config.hideClose))
  }

  /** Something around has changed. At work nothing depends on it, and what the line says must stay. */
  function update() {
    if (state !== 'work') show(state)
  }

  function speak() {
    var words = script.replace(/gt-offline(\.[^/]*)$/, 'gt-words$1')
    texts = wordsIn(host.config.lang || '', 'offline', CHINESE, ENGLISH, words, reword)
    view.speak(texts)
  }

  /** Words of another language have come. */
  function reword() {
    speak()
    if (state) update()
  }

  function begin() {
    stop()
    if (terms[2] === '0') show('closed')
    else if (terms[2] === '1' && terms[4]) show('idle')
    else {
      show('error')
      return host.error('21', 'unknown or expired', texts.error)
    }
    host.ready()
  }

  function start() {
    if (state !== 'idle' || !enabled) return
    began = Date.now()
    show('work')
    view.progress(0)
    if (count) stop = solve(challenge, count, script, advance, finish)
    else finish([])
  }

  /** @param {number} solved */
  function advance(solved) {
    view.progress((solved / count) * 100)
  }

  /** @param {string[]} nonces */
  function finish(nonces) {
    show('done')
    host.pass(challenge, nonces.join('.') || '0', Date.now() - began)
  }

  function cancel() {
    if (state !== 'work') return
    stop()
    show('idle')
  }

  speak()
  on(view.box, 'click', function (event) {
    if (state === 'idle' && enabled) start()
    else event.preventDefault()
  })
  on(view.cancel, 'click', function () {
    if (opened) return host.close()
    cancel()
    view.box.focus()
  })

  return {
    load: begin,
    reset: begin,
    open: function () {
      opened = !host.inPlace
      update()
      start()
      view.box.focus()
    },
    close: function () {
      opened = false
      cancel()
      update()
    },
    hideRefresh: nothing,
    enable: function (value) {
      enabled = value
      update()
    },
    destroy: function () {
      clearTimeout(aging)
      stop()
    },
  }
}
