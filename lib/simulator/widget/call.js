/** @import { Failure } from './cloud.js' */
import { inTurn, jsonp, makeUrl } from '../../../public/parts/net.js'

/** The vendor's limit for one request, in milliseconds. */
var TIMEOUT = 30000

/**
 * The calls of a widget (JSONP), to hosts that are tried in turn.
 *
 * @param {string[]} hosts
 * @param {any} config
 */
export function createCall(hosts, config) {
  var protocol = config.protocol || (location.protocol === 'http:' ? 'http://' : 'https://')

  /**
   * @param {string} path
   * @param {string} number the error when no answer comes
   * @param {{ [name: string]: string }} query
   * @param {(failure: Failure | null, reply?: any) => void} done gets the whole answer, unless it is an error
   */
  return function call(path, number, query, done) {
    inTurn(
      hosts,
      config.timeout > 0 ? config.timeout : TIMEOUT,
      function (host, answered) {
        jsonp(makeUrl(protocol, host, path, query), answered)
      },
      function (reply) {
        if (!reply) return done({ number: number, msg: path + ' did not answer' })
        if (reply.status !== 'error') return done(null, reply)
        var code = String(reply.error_code || reply.code || 'error_117')
        done({ number: code.replace('error_', ''), msg: String(reply.error || reply.msg), desc: reply.desc })
      },
    )
  }
}
