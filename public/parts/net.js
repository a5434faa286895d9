import { on } from './dom.js'

/**
 * Adds a script element.
 *
 * @param {string} url
 * @param {(arrived: boolean) => void} done called once, whenever the browser knows: that may be long after a time limit
 */
export function addScript(url, done) {
  var script = document.createElement('script')
  script.charset = 'UTF-8'
  script.async = true
  on(script, 'load', function () {
    done(true)
  })
  on(script, 'error', function () {
    done(false)
  })
  script.src = url
  document.getElementsByTagName('head')[0].appendChild(script)
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
 * Tries hosts in turn. The next one is asked when the current one fails or has used up its time; a slow host that still
 * answers first is welcome, and everything after the first good answer is ignored.
 *
 * @param {string[]} hosts
 * @param {number} limit milliseconds for each
 * @param {(host: string, done: (result?: any) => void) => void} ask calls back with nothing when the host failed
 * @param {(result?: any) => void} done the first result, or undefined when every host failed
 */
export function inTurn(hosts, limit, ask, done) {
  var tried = 0
  var over = false
  /** @type {number} */
  var timer

  /** @param {any} [result] */
  function finish(result) {
    if (over) return
    over = true
    clearTimeout(timer)
    done(result)
  }

  function next() {
    clearTimeout(timer)
    if (over) return
    if (tried >= hosts.length) return finish()
    var turn = ++tried
    timer = setTimeout(next, limit)
    ask(hosts[turn - 1], function (result) {
      if (result) finish(result)
      else if (turn === tried) next()
    })
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
