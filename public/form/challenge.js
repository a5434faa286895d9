// Where the captcha comes from: the site's loader, and a challenge from its server.
/** @import { InitGeetest } from '../gt' */
/** @type {any} this file's element; in a bundle it has none */
var script = document.querySelector('[src*="/geetest-form."]') || { src: '/geetest-form.js' }
/** This file's folder, and what its neighbours are asked for with: `js?v=1.2.3`. */
var address = script.src.split('/geetest-form.')

/** @type {Array<() => void>} */
var waiting = []

/**
 * Gets the loader and a challenge. One after another: two first requests of a visitor at once would begin two sessions.
 *
 * @param {(name: string) => string} data what the form says: its version, and its scene: the folder of its plugin, from here or
 *   from the root; empty: where this file came from
 * @param {string | false} given the challenge, where the page has brought one
 * @param {boolean | undefined} fresh a script that did not come stays away from its loader: this attempt takes a new one
 * @param {(issue: any, status: number, init: InitGeetest) => void} done status 0 where no answer came
 */
export function getChallenge(data, given, fresh, done) {
  var xhr = new XMLHttpRequest()
  // Whatever is not 4 is version 3, whose names have no number.
  var version = data('version') === '4' ? 4 : ''
  var scene = data('scene')
  /** @type {any} */
  var init

  function finish() {
    var text = given || xhr.responseText
    waiting.shift()
    if (waiting[0]) waiting[0]()
    // Else it is a proxy's error page, or the login page of some network.
    done(init && xhr.status < 400 && /^{.*}$/.test(text) && JSON.parse(text), xhr.status, init)
  }

  function ask() {
    init = window[/** @type {'initGeetest'} */ ('initGeetest' + version)]
    if (!init || given) return finish()
    xhr.open('GET', (scene[0] === '/' ? scene : address[0] + (scene && '/' + scene)) + '/getcaptcha')
    xhr.timeout = 30000
    xhr.onloadend = finish
    xhr.send()
  }

  function begin() {
    if (!fresh && window[/** @type {'initGeetest'} */ ('initGeetest' + version)]) return ask()
    var loader = document.head.appendChild(document.createElement('script'))
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- nobody else hears of it, and every byte counts
    loader.onload = loader.onerror = ask
    loader.src = address.join('/gt' + version + '.')
  }

  if (waiting.push(begin) < 2) begin()
}
