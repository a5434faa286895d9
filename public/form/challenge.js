// Where the captcha comes from: the site's loader, and a challenge from its server.
/** @import { InitGeetest } from '../gt' */
import { bare } from '../parts/copy.js'
import { createElement, findScript, globalFunction, head } from '../parts/own.js'

/** This file's folder, and what its neighbours are asked for with: `js?v=1.2.3`. In a bundle it has neither. */
var script = findScript('geetest-form')
var address = /^([^?#]*)\/geetest-form\.([^/?#]*([?#].*)?)$/.exec(script ? script.src : '') || ['', '', 'js']
/** The cloud that a form may name beside its challenge: the page's author says so in the script element. */
var apiServer = script && script.getAttribute('data-api-server')

/** A folder on this site. Visitors may have written it: nothing that names another host, and no way up. */
var FOLDER = /^\/?[\w~%-][\w.~%-]*(\/[\w~%-][\w.~%-]*)*$/

/** What a form may bring along. No other host and nothing else of the loader's, because visitors may have written the form. */
var BROUGHT = /^(success|gt|challenge|new_captcha|version|api_server|protocol)$/

/** @type {Array<() => void>} */
var waiting = []

/**
 * @param {string} text
 * @returns {any} what it says in JSON; undefined where it is none
 */
function parse(text) {
  try {
    return /^{.*}$/.test(text) ? bare(JSON.parse(text)) : undefined
    // oxlint-disable-next-line no-unused-vars -- ES5 knows no catch without a name
  } catch (noJson) {}
}

/**
 * The challenge that stands in the form, if it needs no host but the vendor's.
 *
 * @param {string | false} text
 */
function parseBrought(text) {
  var issue = parse(text || '')
  if (!issue) return
  var known = Object.keys(issue).every(function (name) {
    return BROUGHT.test(name) && typeof issue[name] !== 'object'
  })
  var named = issue.api_server || issue.protocol
  if (known && (!named || issue.protocol + issue.api_server === apiServer)) return issue
}

/** @param {string} url */
function originOf(url) {
  return url.split('/').slice(0, 3).join('/')
}

/**
 * Gets the loader and a challenge. One after another: two first requests of a visitor at once would begin two sessions.
 *
 * @param {(name: string) => string} data what the form says: its version, and its scene: the folder of its plugin, from here or
 *   from the root; empty: where this file came from
 * @param {string | false} brought the challenge, where the page has brought one
 * @param {boolean | undefined} fresh a script that did not come stays away from its loader: this attempt takes a new one
 * @param {(issue: any, status: number, init: InitGeetest) => void} done status 0 where no answer came
 */
export function getChallenge(data, brought, fresh, done) {
  var xhr = new XMLHttpRequest()
  // Whatever is not 4 is version 3, whose names have no number.
  var version = data('version') === '4' ? 4 : ''
  var scene = data('scene')
  var here = location.protocol + '//' + location.host
  var url = (scene[0] === '/' ? scene : address[1] + (scene && '/' + scene)) + '/getcaptcha'
  var given = parseBrought(brought)
  /** @type {any} */
  var init

  /** @param {any} [issue] */
  function finish(issue) {
    waiting.shift()
    if (waiting[0]) waiting[0]()
    done(init && issue, xhr.status, init)
  }

  function arrived() {
    // A redirect to another host is no answer of this server's.
    var same = !xhr.responseURL || originOf(xhr.responseURL) === originOf(url[0] === '/' ? here + url : url)
    // A file that a visitor has left on this site is none either, whatever it says. What is no JSON is a proxy's error page, or the
    // login page of some network.
    finish(
      same &&
        xhr.status < 400 &&
        /\bjson\b/.test(xhr.getResponseHeader('Content-Type') || '') &&
        parse(xhr.responseText),
    )
  }

  function ask() {
    init = globalFunction('initGeetest' + version)
    if (!init || given) return finish(given)
    if (scene && !FOLDER.test(scene)) {
      console.error('data-scene is ' + scene + '; write a folder on this site, such as register or /captcha')
      return finish()
    }
    xhr.open('GET', url)
    xhr.timeout = 30000
    xhr.onloadend = arrived
    xhr.send()
  }

  function begin() {
    if (!fresh && globalFunction('initGeetest' + version)) return ask()
    var loader = createElement('script')
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- nobody else hears of it, and every byte counts
    loader.onload = loader.onerror = ask
    loader.src = address[1] + '/gt' + version + '.' + address[2]
    head().appendChild(loader)
  }

  if (waiting.push(begin) < 2) begin()
}
