/** @import { Failure } from './cloud.js' */
import { on, remove } from '../../../public/parts/dom.js'
import { makeUrl } from '../../../public/parts/net.js'
import { createElement, insertScript } from '../../../public/parts/own.js'

/** The vendor's limit for one request, in milliseconds. */
var TIMEOUT = 30000

var count = 0

/**
 * One call by JSONP, as the vendor's widgets make it: they know neither other hosts that are asked meanwhile nor slow lines.
 *
 * @param {string} url to which the name of the callback is added
 * @param {number} limit milliseconds
 * @param {(reply?: any) => void} done nothing where no answer came
 */
function ask(url, limit, done) {
  var globals = /** @type {any} */ (window)
  var name = 'geetest_' + new Date().getTime() + '_' + ++count
  var script = createElement('script')
  var over = false
  /** @type {number} */
  var timer

  /** @param {any} [reply] */
  function finish(reply) {
    if (over) return
    over = true
    clearTimeout(timer)
    remove(script)
    done(reply)
  }

  function ended() {
    delete globals[name]
    finish()
  }

  globals[name] = finish
  timer = setTimeout(finish, limit)
  on(script, 'load', ended)
  on(script, 'error', ended)
  insertScript(script, url + name, ended)
}

/**
 * The calls of a widget, to hosts that are tried in turn.
 *
 * @param {string[]} hosts
 * @param {any} config
 */
export function createCall(hosts, config) {
  var protocol = config.protocol || (location.protocol === 'http:' ? 'http://' : 'https://')
  var limit = config.timeout > 0 ? config.timeout : TIMEOUT

  /**
   * @param {string} path
   * @param {string} number the error when no answer comes
   * @param {{ [name: string]: string }} query
   * @param {(failure: Failure | null, reply?: any) => void} done gets the whole answer, unless it is an error
   */
  return function call(path, number, query, done) {
    var tried = 0

    /** @param {any} [reply] */
    function judge(reply) {
      if (!reply && tried < hosts.length) return next()
      if (!reply) return done({ number: number, msg: path + ' did not answer' })
      if (reply.status !== 'error') return done(null, reply)
      var code = String(reply.error_code || reply.code || 'error_117')
      done({ number: code.replace('error_', ''), msg: String(reply.error || reply.msg), desc: reply.desc })
    }

    function next() {
      ask(makeUrl(protocol, hosts[tried++], path, query), limit, judge)
    }

    next()
  }
}
