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
 *
 * @typedef {object} Cloud where puzzles come from and who judges them; one of the two arguments of `done` is given
 * @property {(done: (failure: Failure | null, puzzle?: Puzzle) => void) => void} get
 * @property {(done: (failure: Failure | null, puzzle?: Puzzle) => void) => void} refresh another picture
 * @property {(done: (failure: Failure | null, puzzle?: Puzzle) => void) => void} reset another round
 * @property {(x: number, passtime: number, done: (failure: Failure | null, verdict?: Verdict) => void) => void} judge
 */

/**
 * The calls of the widget (JSONP), to the cloud that the configuration names.
 *
 * @param {any} config
 * @returns {Cloud}
 */
export function createCloud(config) {
  var hosts = /** @type {string[]} */ ([]).concat(config.api_server_v3 || config.api_server || 'api.geetest.com')
  var send = createCall(hosts, config)
  var challenge = config.challenge

  /**
   * @param {string} path
   * @param {string} number the error when no answer comes
   * @param {{ [name: string]: string }} more
   * @param {(failure: Failure | null, data?: any) => void} done
   */
  function call(path, number, more, done) {
    /** @type {{ [name: string]: string }} */
    var query = { gt: config.gt, challenge: challenge }
    for (var name in more) query[name] = more[name]
    send(path, number, query, done)
  }

  /**
   * @param {string} path
   * @param {string} number
   * @returns {Cloud['get']}
   */
  function puzzleFrom(path, number) {
    return function (done) {
      call(path, number, { lang: config.lang || 'zh-cn', client_type: 'web' }, function (failure, data) {
        if (data && data.challenge) challenge = data.challenge
        done(failure, data)
      })
    }
  }

  var get = puzzleFrom('/get.php', '104')
  return {
    get: get,
    refresh: puzzleFrom('/refresh.php', '106'),
    reset: function (done) {
      call('/reset.php', '109', {}, function (failure, data) {
        if (failure) return done(failure)
        challenge = data.challenge
        get(done)
      })
    },
    judge: function (x, passtime, done) {
      call('/ajax.php', '105', { lang: config.lang || 'zh-cn', w: JSON.stringify({ x: x, passtime: passtime }) }, done)
    },
  }
}
