import md5 from 'blueimp-md5'
import { createCall } from './call.js'

/**
 * One puzzle, in the pixels of the picture.
 *
 * @typedef {object} Puzzle
 * @property {string} challenge the name under which the answer is given
 * @property {number} width
 * @property {number} height
 * @property {number} gap where the left edge of the piece belongs
 * @property {number} ypos top edge of piece and gap
 * @property {number} size of the piece, a square
 * @property {number} picture seed of the scenery
 *
 * @typedef {{ result: 'success' | 'fail', validate: string }} Verdict
 *
 * @typedef {object} Failure
 * @property {string} number the NN of "error_NN"
 * @property {string} msg
 * @property {object} [desc] what the cloud of version 4 says beside it
 *
 * @typedef {(done: (failure: Failure | null, puzzle?: Puzzle) => void) => void} GetPuzzle one of the two arguments of `done` is given
 *
 * @typedef {object} Cloud where puzzles come from and who judges them
 * @property {GetPuzzle} get
 * @property {GetPuzzle} refresh another picture
 * @property {GetPuzzle} [reset] another round; left out where whoever holds the puzzle begins it
 * @property {boolean} [oneTry] whether every try wants a puzzle of its own
 * @property {(x: number, passtime: number, done: (failure: Failure | null, verdict?: Verdict) => void) => void} judge
 */

/** @typedef {(failure: Failure | null, data?: any) => void} Done */

/**
 * The calls of the first part, the bar: their answers come as `{ status, data }`.
 *
 * @typedef {object} BarCloud
 * @property {(done: Done) => void} get the bar's own settings
 * @property {(done: Done) => void} check whether the visitor has to do anything, and what
 * @property {(done: Done) => void} reset the challenge that the next round goes on with
 */

/** @param {any} config */
function send(config) {
  var hosts = /** @type {string[]} */ ([]).concat(config.api_server_v3 || config.api_server || 'api.geetest.com')
  return createCall(hosts, config)
}

/**
 * @param {any} config what `reset` gives is put into it by the caller
 * @returns {BarCloud}
 */
export function createBarCloud(config) {
  var call = send(config)

  /**
   * @param {string} path
   * @param {string} number
   */
  function asks(path, number) {
    return function (/** @type {Done} */ done) {
      var query = { gt: config.gt, challenge: config.challenge, lang: config.lang, client_type: 'web' }
      call(path, number, query, function (failure, reply) {
        if (failure) done(failure)
        else if (reply.data) done(null, reply.data)
        else done({ number: '117', msg: path + ' answered without data' })
      })
    }
  }

  return {
    get: asks('/get.php', '104'),
    check: asks('/ajax.php', '105'),
    reset: asks('/reset.php', '109'),
  }
}

/** @param {() => object} data */
function answers(data) {
  return function (/** @type {Done} */ done) {
    setTimeout(function () {
      done(null, data())
    }, 0)
  }
}

/**
 * The same in an outage: nobody is asked, and nothing is asked of the visitor.
 *
 * @param {any} config
 * @returns {BarCloud}
 */
export function createOfflineBarCloud(config) {
  return {
    get: answers(function () {
      return {}
    }),
    check: answers(function () {
      return { result: 'success', validate: md5(config.challenge), score: '1' }
    }),
    reset: answers(function () {
      return { challenge: config.challenge }
    }),
  }
}

/**
 * The calls of the second part, the puzzle: their answers come bare.
 *
 * @param {any} config
 * @returns {Cloud}
 */
export function createSlideCloud(config) {
  var call = send(config)
  var challenge = config.challenge

  /**
   * @param {string} path
   * @param {string} number
   * @returns {GetPuzzle}
   */
  function puzzleFrom(path, number) {
    return function (done) {
      var query = {
        is_next: 'true',
        type: 'slide3',
        gt: config.gt,
        challenge: challenge,
        lang: config.lang,
        client_type: 'web',
      }
      call(path, number, query, function (failure, reply) {
        if (failure) return done(failure)
        if (reply.challenge) challenge = reply.challenge
        done(null, reply)
      })
    }
  }

  return {
    get: puzzleFrom('/get.php', '104'),
    refresh: puzzleFrom('/refresh.php', '106'),
    judge: function (x, passtime, done) {
      var query = {
        gt: config.gt,
        challenge: challenge,
        lang: config.lang,
        client_type: 'web',
        w: JSON.stringify({ x: x, passtime: passtime }),
      }
      call('/ajax.php', '105', query, function (failure, reply) {
        if (failure) return done(failure)
        done(null, { result: reply.message, validate: reply.validate })
      })
    },
  }
}
