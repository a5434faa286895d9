/** @import { GeetestValidate4 } from '../../../public/gt4' */
/** @import { Cloud, Failure } from './cloud.js' */
import { camelize } from '../../../public/parts/camel.js'
import { createCall } from './call.js'

/**
 * The calls of the widget of version 4. The first puzzle has come with the configuration.
 *
 * @param {any} options the page's, with what the loader was answered; what the cloud answers later is put into it
 */
export function createCloudV4(options) {
  var call = createCall(options.apiServers, options)
  /** @type {GeetestValidate4 | undefined} */
  var answer
  /** @type {object | undefined} */
  var said

  /** @param {any} data */
  function take(data) {
    var known = camelize(data)
    for (var name in known) options[name] = known[name]
  }

  /**
   * Another puzzle: of the same lot where that is known, of a new one otherwise.
   *
   * @param {(failure: Failure | null) => void} done
   */
  function load(done) {
    /** @type {{ [name: string]: string }} */
    var query = { captcha_id: options.captchaId, client_type: options.clientType || 'web' }
    /** @type {{ [name: string]: string }} */
    var more = {
      challenge: options.challenge,
      lot_number: options.lotNumber,
      risk_type: options.riskType,
      user_info: options.userInfo,
      call_type: options.callType,
      lang: options.language,
      payload: options.payload,
      process_token: options.processToken,
      payload_protocol: options.payloadProtocol,
    }
    for (var name in more) if (more[name] !== undefined && more[name] !== null) query[name] = more[name]
    call('/load', '60100', query, function (failure, reply) {
      said = failure ? failure.desc : undefined
      if (failure) return done(failure)
      take(reply.data)
      done(null)
    })
  }

  function puzzle() {
    var drawn = options.puzzle
    drawn.challenge = options.lotNumber
    return drawn
  }

  /** @type {Cloud} */
  var cloud = {
    oneTry: true,
    get: function (done) {
      setTimeout(function () {
        done(null, puzzle())
      }, 0)
    },
    refresh: function (done) {
      load(function (failure) {
        if (failure) done(failure)
        else done(null, puzzle())
      })
    },
    judge: function (x, passtime, done) {
      var query = {
        captcha_id: options.captchaId,
        lot_number: options.lotNumber,
        payload: options.payload,
        process_token: options.processToken,
        w: JSON.stringify({ x: x, passtime: passtime }),
      }
      call('/verify', '60101', query, function (failure, reply) {
        said = failure ? failure.desc : undefined
        if (failure) return done(failure)
        take({ score: reply.data.score, fail_count: reply.data.fail_count })
        answer = reply.data.seccode
        done(null, { result: reply.data.result, validate: options.lotNumber })
      })
    },
  }

  return {
    cloud: cloud,
    load: load,
    /** What the cloud has given for the solved puzzle; nothing before. */
    answer: function () {
      return answer
    },
    /** What the cloud has said beside the last error, if it was the cloud's. */
    said: function () {
      return said
    },
    /** Forgets the lot: the next one is another. */
    forget: function () {
      answer = undefined
      options.lotNumber = options.payload = options.processToken = options.payloadProtocol = undefined
    },
  }
}
