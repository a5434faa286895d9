import { compress, initial, load, Words, words } from './sha256.js'

/**
 * The hash of a text, in hex.
 *
 * @param {string} text Latin letters, digits and the like
 */
function sha256(text) {
  var from = initial
  var state = new Words(8)
  var hex = ''
  for (var at = 0; at < text.length + 9; at += 64) {
    load((text + '\x80').slice(at))
    if (at + 64 >= text.length + 9) words[15] = text.length * 8
    compress(from, state)
    from = state
  }
  for (var i = 0; i < 8; i++) hex += ((state[i] >>> 0) + 4294967296).toString(16).slice(1)
  return hex
}

/**
 * The work that a challenge asks for, done in portions. Puzzle i is solved by a nonce with which
 * sha256(seed + i + '.' + nonce) begins with a number below 2^32 / hashes; the seed is the challenge's own hash in hex.
 * That is one block exactly, mixed once here, so that each try costs one block and no more.
 *
 * @param {string} challenge `<id>.gt-offline.1.<hashes>.<count>.<signature>`
 * @param {number} number who searches, from 0 to 9: nonces begin with it, so that nobody tries what others try
 * @returns {(puzzle: number, end: number) => string} looks for the nonce of a puzzle until the clock says `end`; empty where
 *   it has found none by then. Called again it goes on with nonces that it has not tried
 */
export function createWork(challenge, number) {
  var limit = Math.floor(4294967296 / parseInt(challenge.split('.')[3], 36))
  var middle = new Words(8)
  var out = new Words(8)
  /** The nonce but for its first and last characters, as a number. Every puzzle is another text, so that none is tried again. */
  var next = 0
  load(sha256(challenge))
  compress(initial, middle)

  return function (puzzle, end) {
    do {
      var nonce = number + (next++).toString(36)
      var text = puzzle + '.' + nonce
      var place = text.length
      load(text + '\0\x80')
      words[15] = (65 + place) * 8
      var rest = words[place >> 2]
      // The last character, 0-9 and a-z, is put in by itself: a new block each time would cost more than its hash.
      for (var i = 0; i < 36; i++) {
        words[place >> 2] = rest | ((i < 10 ? 48 + i : 87 + i) << (24 - (place % 4) * 8))
        compress(middle, out)
        if (out[0] >>> 0 < limit) return nonce + i.toString(36)
      }
    } while (Date.now() < end)
    return ''
  }
}
