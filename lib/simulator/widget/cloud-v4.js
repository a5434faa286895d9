/** @import { Cloud, Failure } from './cloud.js' */
/** @import { GeetestValidate4 } from '../../../public/gt4' */
import { camelize } from '../../../public/parts/camel.js'
import { createCall } from './call.js'

/**
 * The calls of the widget of version 4. The first puzzle has come with the configuration; every other is a lot of its own.
 *
 * @param {any} config the page's, with what the loader was answered
 */
export function createCloudV4(config) {
  var call = createCall(config.apiServers, config)
  var lot = config
  var used = false
  /** @type {GeetestValidate4} */
  var answer

  function puzzle() {
    used = true
    var drawn = lot.puzzle
    drawn.challenge = lot.lotNumber
    return drawn
  }

  /** @type {Cloud['get']} */
  function load(done) {
    var query = { captcha_id: config.captchaId, client_type: 'web', risk_type: config.riskType || '' }
    call('/load', '60100', query, function (failure, data) {
      if (failure) return done(failure)
      lot = camelize(data)
      done(null, puzzle())
    })
  }

  /** @type {Cloud} */
  var cloud = {
    get: function (done) {
      if (used || !lot.puzzle) load(done)
      else setTimeout(done, 0, null, puzzle())
    },
    refresh: load,
    reset: load,
    judge: function (x, passtime, done) {
      var query = {
        captcha_id: config.captchaId,
        lot_number: lot.lotNumber,
        payload: lot.payload,
        process_token: lot.processToken,
        w: JSON.stringify({ x: x, passtime: passtime }),
      }
      call('/verify', '60101', query, function (failure, data) {
        if (failure) return done(failure)
        answer = data.seccode
        done(null, { result: data.result, validate: data.lot_number })
      })
    },
  }

  return {
    cloud: cloud,
    /** What the cloud has given for the solved puzzle. */
    answer: function () {
      return answer
    },
  }
}
