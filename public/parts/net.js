import { on } from './dom.js'
import { createElement, head } from './own.js'

/** After so many milliseconds of silence the next host is asked for an answer, too. */
export var HEDGE = 500
/** The same for a script, which is larger and may take longer. */
export var SCRIPT_HEDGE = 900

/**
 * Adds a script element.
 *
 * @param {string} url
 * @param {(arrived: boolean) => void} done called once, whenever the browser knows: that may be long after a time limit
 * @returns keeps the script from running, if it has not arrived by then; `done` is not called either
 */
export function addScript(url, done) {
  var script = createElement('script')
  var ended = false
  /** @param {Event} event */
  function end(event) {
    ended = true
    done(event.type === 'load')
  }
  script.charset = 'UTF-8'
  script.async = true
  on(script, 'load', end)
  on(script, 'error', end)
  script.src = url
  head().appendChild(script)
  return function () {
    // Removing it would not do: only in another document than where it began a script does not run.
    if (!ended) document.implementation.createHTMLDocument('').adoptNode(script)
  }
}

/**
 * A call by script element. Its callback stays until the script has run, however late that is: a reply that comes after
 * its time limit finds a function to call, and changes nothing.
 *
 * @param {string} url ends with "callback="
 * @param {(answer?: any) => void} done the reply, or undefined when none came
 */
export function jsonp(url, done) {
  var globals = /** @type {any} */ (window)
  var number = new Date().getTime()
  while (globals['geetest_' + number]) number++
  var name = 'geetest_' + number
  /** @type {any} */
  var answer
  globals[name] = function (/** @type {any} */ reply) {
    answer = reply
  }
  addScript(url + name, function () {
    delete globals[name]
    done(answer)
  })
}

/**
 * Tries hosts in turn. The next one is asked when the newest one fails, or has not answered for a while; the first good answer is
 * taken, whoever gives it, and everything after it is ignored.
 *
 * @param {string[]} hosts
 * @param {number} limit milliseconds for the last one to be asked
 * @param {(host: string, done: (result?: any) => void) => (() => void) | void} ask calls back with nothing when the host failed;
 *   what it returns is called when no answer of this host is wanted any more
 * @param {(result?: any) => void} done the first result, or undefined when every host failed
 * @param {number} [hedge] milliseconds until the next host is asked beside those that are silent
 */
export function inTurn(hosts, limit, ask, done, hedge) {
  var tried = 0
  var silent = 0
  var over = false
  /** @type {number} */
  var timer
  /** @type {Array<(() => void) | void>} */
  var cancels = []

  /** @param {any} [result] */
  function finish(result) {
    if (over) return
    over = true
    clearTimeout(timer)
    cancels.forEach(function (cancel) {
      if (cancel) cancel()
    })
    done(result)
  }

  function next() {
    var turn = tried++
    clearTimeout(timer)
    if (turn >= hosts.length) return finish()
    silent++
    timer = setTimeout(next, tried < hosts.length ? Math.min(hedge || limit, limit) : limit)
    cancels.push(
      ask(hosts[turn], function (result) {
        silent--
        if (result) finish(result)
        // Of several that are silent an earlier one may still answer.
        else if (!over && (tried < hosts.length ? tried === turn + 1 : !silent)) next()
      }),
    )
  }

  next()
}

/**
 * @param {string} protocol "http://" or "https://"
 * @param {string} host may carry a scheme (dropped), a port and a path; empty: the page's own origin
 * @param {string} path
 * @param {{ [name: string]: string }} [query] values are encoded; "callback=" for `jsonp` comes last
 */
export function makeUrl(protocol, host, path, query) {
  host = host.replace(/^(\w+:)?\/\//, '')
  var url = (host && protocol) + (host + '/' + path).replace(/\/+/g, '/')
  if (!query) return url
  url += '?'
  for (var name in query) url += name + '=' + encodeURIComponent(query[name]) + '&'
  return url + 'callback='
}
