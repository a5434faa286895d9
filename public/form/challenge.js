// Where the captcha comes from: the site's loader, and a challenge from its server.
/** @import { InitGeetest } from '../gt' */
import { bare } from '../parts/copy.js'
import { unique } from '../parts/issue.js'
import { createElement, findScript, globalFunction, head, insertScript } from '../parts/own.js'

/** This file's folder, and what its neighbours are asked for with: `js?v=1.2.3`. In a bundle it has neither. */
var script = findScript('geetest-form')
var address = /^([^?#]*)\/geetest-form\.([^/?#]*([?#].*)?)$/.exec(script ? script.src : '') || ['', '', 'js']
/** The cloud that a form may name beside its challenge: the page's author says so in the script element. */
var apiServer = script && script.getAttribute('data-api-server')
/** Where the page itself comes from. */
var here = location.protocol + '//' + location.host
/** Where the plugin is mounted. In a bundle the page says it in its head, where no visitor writes; otherwise it is the site's root. */
var root = address[1] || rootIn(head().querySelector('meta[name=express-geetest]'))
/** Where it is: another origin than the page's where the scripts come from there. */
var site = originOf(root)

/** The words of other languages. */
export var words = root + '/gt-words.' + address[2]

/** A folder on this site. Visitors may have written it: nothing that names another host, and no way up. */
var FOLDER = /^\/?[\w~%-][\w.~%-]*(\/[\w~%-][\w.~%-]*)*$/

/** What a form may bring along. No other host and nothing else of the loader's, because visitors may have written the form. */
var BROUGHT = /^(success|gt|challenge|new_captcha|version|api_server|protocol)$/

/** @type {Array<() => void>} */
var waiting = []

/**
 * Why there is no challenge.
 *
 * @typedef {object} Trouble
 * @property {number} status of the answer; 0: none came
 * @property {boolean} slow whether time ran out
 * @property {number} seconds after which the server wants to be asked again; 0 where it does not say
 * @property {string} scene what is wrong with the form's `data-scene`
 */

/** @param {Element | null} meta */
function rootIn(meta) {
  var text = ((meta && meta.getAttribute('content')) || '').replace(/\/+$/, '')
  return /^https?:/.test(text) ? text : here + text.replace(/^([^/])/, '/$1')
}

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
 * The folder of a scene's plugin, however it is written: `register` beside this script, `/captcha` from its origin's root, the whole
 * address of either on this site, each with or without a slash at its end.
 *
 * @param {string} scene
 * @returns {string | undefined} undefined where it is none
 */
function folderOf(scene) {
  var whole = /^https?:\/\/[^/]*/i.exec(scene)
  var origin = whole ? whole[0].toLowerCase() : site
  var path = (whole ? scene.slice(whole[0].length) : scene).replace(/\/+$/, '')
  if ((origin !== site && origin !== here) || (path && !FOLDER.test(path))) return
  return whole || scene[0] === '/' ? origin + path : root + (path && '/' + path)
}

/**
 * Seconds as the header Retry-After writes them, as a number or a date.
 *
 * @param {string | null} text
 */
function secondsOf(text) {
  var seconds = /\D/.test(text || '') ? (Date.parse(String(text)) - Date.now()) / 1000 : Number(text)
  return seconds > 0 ? Math.ceil(Math.min(seconds, 600)) : 0
}

/**
 * Gets the loader and a challenge. One after another: two first requests of a visitor at once would begin two sessions.
 *
 * @param {(name: string) => string} data what the form says: its version, and its scene; empty: where this file came from
 * @param {string | false} brought the challenge, where the page has brought one
 * @param {boolean | undefined} fresh a script that did not come stays away from its loader: this attempt takes a new one
 * @param {(issue: any, trouble: Trouble, init: InitGeetest) => void} done without an issue where there is trouble
 */
export function getChallenge(data, brought, fresh, done) {
  var xhr = new XMLHttpRequest()
  // Whatever is not 4 is version 3, whose names have no number.
  var version = data('version') === '4' ? 4 : ''
  var scene = data('scene').trim()
  var folder = folderOf(scene)
  var given = parseBrought(brought)
  /** @type {Trouble} */
  var trouble = { status: 0, slow: false, seconds: 0, scene: '' }
  /** @type {any} */
  var init

  /** @param {any} [issue] */
  function finish(issue) {
    waiting.shift()
    if (waiting[0]) waiting[0]()
    // In a bundle the loader does not know where it is either.
    if (issue && !address[1]) issue.base = root + '/'
    done(init && issue, trouble, init)
  }

  /** @param {string} name */
  function header(name) {
    return xhr.getResponseHeader(name)
  }

  function arrived() {
    trouble.status = xhr.status
    trouble.seconds = secondsOf(header('Retry-After'))
    // A redirect to another host is no answer of this server's.
    var same = !xhr.responseURL || originOf(xhr.responseURL) === originOf(String(folder))
    // What is no JSON is a proxy's error page, or the login page of some network.
    var issue = same && xhr.status < 400 && /\bjson\b/.test(header('Content-Type') || '') && parse(xhr.responseText)
    // A file that a visitor has left on this site is no answer of the plugin's either, whatever it says: it cannot have that header.
    if (issue && scene && !header('X-Geetest')) trouble.scene = 'express-geetest does not answer there'
    finish(!trouble.scene && issue)
  }

  function ask() {
    init = globalFunction('initGeetest' + version)
    if (!init || given) return finish(given)
    if (folder === undefined) {
      trouble.scene = 'write a folder on this site, such as register or /captcha'
      return finish()
    }
    xhr.open('GET', unique(folder + '/getcaptcha'))
    xhr.timeout = 30000
    // Of use where the scripts are of another origin alone.
    xhr.withCredentials = true
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- nobody else hears of it, and every byte counts
    xhr.ontimeout = function () {
      trouble.slow = true
    }
    xhr.onloadend = arrived
    xhr.send()
  }

  function begin() {
    if (!fresh && globalFunction('initGeetest' + version)) return ask()
    var loader = createElement('script')
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- nobody else hears of it, and every byte counts
    loader.onload = loader.onerror = ask
    insertScript(loader, root + '/gt' + version + '.' + address[2], ask)
  }

  if (waiting.push(begin) < 2) begin()
}
