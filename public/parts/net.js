import { on } from './dom.js'
import { createElement, globalFunction, insertScript, readDocument } from './own.js'

/** After so many milliseconds of silence a host is looked after, and given up for the next one where it is the host that is silent. */
export var HEDGE = 500
/** The same for a script, which is larger and may take longer. */
export var SCRIPT_HEDGE = 900
/** The same for the last host there is, after which there is nobody to ask. */
export var PATIENCE = 3000
/** Longest wait for a host that is alive, or on a line where nothing is, where the page names none: the vendor's own. */
export var LIMIT = 30000
/** Longest wait where nothing can be learned of the line: the vendor's own for one request. */
var BLIND = 10000
/** No single timer is longer while a host has time for a sign. */
var SLICE = 50

/** How long the latest call to the cloud took, in milliseconds: what a sign of life may take, too. */
var pace = 0

/** @returns {number} */
function now() {
  return new Date().getTime()
}

/**
 * Asks for the head of a reply. What came is not told, only that something did: any host may be asked.
 *
 * @param {string} url
 * @param {string} method GET for what answers nothing else: it is broken off when the reply begins
 * @param {(there: boolean) => void} done
 */
function knock(url, method, done) {
  var globals = /** @type {any} */ (window)
  var get = globalFunction('fetch')
  if (!url || !get) return done(false)
  var breaker = globals.AbortController && new globals.AbortController()
  get(url, { method: method, mode: 'no-cors', cache: 'no-store', signal: breaker && breaker.signal }).then(
    function () {
      if (breaker) breaker.abort()
      done(true)
    },
    function () {
      done(false)
    },
  )
}

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
  // As the vendor's loader does, whose host allows it: the page hears what breaks in there.
  if (/^[^?]*\/static\.geetest\.com\//.test(url)) script.crossOrigin = 'anonymous'
  on(script, 'load', end)
  on(script, 'error', end)
  insertScript(script, url, end)
  return function () {
    // Removing it would not do: only in another document than where it began a script does not run.
    if (!ended) readDocument('implementation').createHTMLDocument('').adoptNode(script)
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
  var begun = now()
  /** @type {any} */
  var answer
  globals[name] = function (/** @type {any} */ reply) {
    answer = reply
  }
  addScript(url + name, function () {
    delete globals[name]
    if (answer) pace = now() - begun
    done(answer)
  })
}

/**
 * @typedef {object} Terms
 * @property {number} hedge milliseconds of silence after which a host is looked after, where another can be asked instead
 * @property {number} patience the same for the last host
 * @property {number} limit milliseconds for a host that is alive but slow, from its latest sign of life
 * @property {string} site the address of something on the page's own site, which tells whether it is the line that is slow; empty:
 *   that is not known
 * @property {boolean} [large] what is asked for is large: it is not asked for twice while it may be under way. The hosts are addresses
 */

/**
 * Tries hosts in turn; the first good answer is taken, whoever gives it, and everything after it is ignored. The next one is asked when
 * the newest one fails, or is silent though the line is not: a script element shows no progress, so that host and, beside it, the
 * page's own site are asked for a few bytes. While even those do not come, the line is slow, and another download would only make it
 * slower.
 *
 * @param {string[]} hosts
 * @param {Terms} terms
 * @param {(host: string, done: (result?: any) => void) => (() => void) | void} ask calls back with nothing when the host failed;
 *   what it returns is called when no answer of this host is wanted any more
 * @param {(result: any, slow?: boolean) => void} done the first result, or undefined when every host failed; `slow` where time ran out
 */
export function inTurn(hosts, terms, ask, done) {
  var tried = 0
  var over = false
  /** @type {number} */
  var timer
  /** @type {Array<(() => void) | void>} */
  var cancels = []
  /** @type {string[]} hosts that have been asked and have not failed */
  var open = []

  /**
   * @param {any} [result]
   * @param {boolean} [slow]
   */
  function finish(result, slow) {
    if (over) return
    over = true
    clearTimeout(timer)
    cancels.forEach(function (cancel) {
      if (cancel) cancel()
    })
    done(result, slow)
  }

  function next() {
    var turn = tried++
    var begun = now()
    var last = tried >= hosts.length
    var alive = false
    clearTimeout(timer)
    if (turn >= hosts.length) return finish()
    open.push(hosts[turn])

    /**
     * Calls while this is the newest host.
     *
     * @param {number} time
     * @param {() => void} then
     * @param {number} [slice] milliseconds of a single timer
     */
    function at(time, then, slice) {
      var wait = time - now()
      clearTimeout(timer)
      if (wait <= 0) then()
      else
        timer = setTimeout(
          slice && slice < wait ? at.bind(null, time, then, slice) : then,
          Math.min(wait, slice || wait),
        )
    }

    /** @param {boolean} [slow] */
    function end(slow) {
      if (last) finish(undefined, slow)
      else next()
    }

    var late = end.bind(null, true)

    /**
     * Gives the host time for a sign: as long as the site needs to answer twice, and no less than the latest call to the cloud took.
     *
     * @param {string} method
     * @param {() => void} then there was none
     */
    function look(method, then) {
      var left = 2
      var until = now() + pace + pace / 2

      /** @param {boolean} there */
      function answered(there) {
        if (alive || over || tried > turn + 1) return
        if (!there) at(begun + Math.max(last ? BLIND : terms.hedge, pace * 10), late)
        else if (--left) knock(terms.site, 'HEAD', answered)
        else at(until, then, SLICE)
      }

      at(begun + terms.limit, late)
      open.forEach(function (host) {
        if (!terms.large) return
        knock(host, method, function (there) {
          // Dead, which its script element tells, too; or no policy allows to ask, and there can be no sign.
          if (!there) until = Math.max(until, begun + pace * 10)
          if (!there || over || tried > turn + 1) return
          alive = true
          at(now() + terms.limit, late)
        })
      })
      knock(terms.site, 'HEAD', answered)
    }

    timer = setTimeout(
      function () {
        look('HEAD', terms.large ? look.bind(null, 'GET', end) : end)
      },
      Math.min(last ? terms.patience : terms.hedge, terms.limit),
    )
    cancels.push(
      ask(hosts[turn], function (result) {
        open.splice(open.indexOf(hosts[turn]), 1)
        if (result) finish(result)
        // Of several that are silent an earlier one may still answer.
        else if (!over && (tried < hosts.length ? tried === turn + 1 : !open.length)) next()
      }),
    )
  }

  next()
}

/**
 * @param {string} protocol "http://" or "https://"
 * @param {string} host may carry a scheme (dropped), a port and a path; empty: the page's own origin
 * @param {string} path
 * @param {{ [name: string]: any }} [query] texts, numbers and booleans, which are encoded, and nothing else; "callback=" for `jsonp` comes last
 */
export function makeUrl(protocol, host, path, query) {
  host = host.replace(/^(\w+:)?\/\//, '')
  var url = (host && protocol) + (host + '/' + path).replace(/\/+/g, '/')
  if (!query) return url
  url += '?'
  for (var name in query) {
    if (/string|number|boolean/.test(typeof query[name])) url += name + '=' + encodeURIComponent(query[name]) + '&'
  }
  return url + 'callback='
}
