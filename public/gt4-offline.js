// What a page of version 4 needs in an outage: asks the site's own server, and shows its downtime captcha under the names of
// version 4. Loaded by gt4.js when no host of the cloud answers.
/** @import { GeetestError4, GeetestValidate4 } from './gt4' */
/** @import { GeetestValidate } from './gt' */
/** @import { Loose } from './parts/copy.js' */
import { askSite } from './parts/issue.js'
import { base, getOwn, ownScript } from './parts/library.js'
import { asV4, configV3, LOOK_AGAIN } from './parts/v4.js'

/** @typedef {(captcha: any) => void} Done */
/** @typedef {(error: GeetestError4) => void} Failed */

/**
 * @param {Failed} failed
 * @param {string} code
 * @param {string} detail
 * @param {boolean} [slow]
 */
function fail(failed, code, detail, slow) {
  /** @type {GeetestError4} */
  var error = { code: code, msg: slow ? 'The network is slow' : 'Network failure', desc: { detail: detail } }
  if (slow) error.slow = true
  failed(error)
}

/**
 * Only the server decides whether there is an outage: what it issues then is its downtime captcha, and otherwise nothing
 * takes the cloud's place.
 *
 * @param {any} config
 * @param {(config: any, done: Done, failed: Failed) => void} start begins anew, at the cloud
 * @param {Done} done
 * @param {Failed} failed
 * @param {boolean} [slow] whether no host of the cloud answered because time ran out
 */
function offline(config, start, done, failed, slow) {
  var from = config.base || base

  /**
   * The fields of the downtime captcha by the names of version 4.
   *
   * @param {GeetestValidate} answer
   * @returns {GeetestValidate4}
   */
  function answerOf(answer) {
    return {
      captcha_id: config.captchaId,
      lot_number: answer.geetest_challenge.slice(0, 32),
      captcha_output: answer.geetest_validate,
      pass_token: answer.geetest_challenge,
      gen_time: String(Math.floor(Date.now() / 1000)),
    }
  }

  /** @param {Loose} issue */
  function proceed(issue) {
    var script = !issue.success && ownScript(issue.challenge)
    if (!script) return fail(failed, '60100', 'no host of the cloud answers, and the site sees no outage', slow)
    getOwn(from, script, function (Made, late) {
      if (!Made) return fail(failed, '60204', 'the script of the downtime captcha could not be loaded', late)
      // A challenge is good for one answer: who starts over gets another, or the cloud's captcha where it is back.
      var renew = start.bind(null, config)
      done(asV4(new Made(configV3(config, issue.challenge)), answerOf, renew))
    })
  }

  var given = config.issue
  // Good once: who starts over asks anew.
  config.issue = undefined
  if (given && !given.success) return proceed(given)
  askSite(from, function (issue) {
    // An outage may have begun since the server's last look: once more, when it would look again.
    if (issue.success) setTimeout(askSite, LOOK_AGAIN, from, proceed)
    else proceed(issue)
  })
}

;/** @type {any} */ (window).geetestOffline4 = offline
