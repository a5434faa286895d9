/** @import { Cloud, GetPuzzle, Puzzle } from './cloud.js' */
import md5 from 'blueimp-md5'
import { encode } from './encode.js'

/** Pairs of pictures that the old widget knew: 6 backgrounds of 300 groups. */
var BACKGROUNDS = 6
var GROUPS = 300
/** So many pixels the vendor's widget lets pass. Some of the official servers refuse the last one. */
var TOLERANCE = 3

/** @param {number} below */
function random(below) {
  return Math.floor(Math.random() * below)
}

/**
 * Place of the gap for a pair of pictures, as the official servers compute it.
 *
 * @param {number} background
 * @param {number} group
 */
function place(background, group) {
  var even = md5(String(background)).slice(0, 9)
  var odd = md5(String(group)).slice(10, 19)
  var mixed = ''
  for (var i = 0; i < 9; i++) mixed += i % 2 ? odd.charAt(i) : even.charAt(i)
  return { gap: Math.max(40, parseInt(mixed.slice(4), 16) % 200), ypos: parseInt(mixed.slice(0, 4), 16) % 70 }
}

/**
 * The puzzle of the slide type without network, judged here. The answer follows the rule that the official servers check in an
 * outage: three encoded numbers.
 *
 * @param {any} config
 * @returns {Cloud}
 */
export function createOfflineCloud(config) {
  var background = 0
  var group = 0
  /** @type {Puzzle} */
  var puzzle

  /** @type {GetPuzzle} */
  function draw(done) {
    background = random(BACKGROUNDS)
    group = random(GROUPS)
    var at = place(background, group)
    puzzle = {
      challenge: config.challenge,
      width: 260,
      height: 160,
      gap: at.gap,
      ypos: at.ypos + 20,
      size: 44,
      picture: background * GROUPS + group,
    }
    setTimeout(done, 0, null, puzzle)
  }

  return {
    get: draw,
    refresh: draw,
    reset: draw,
    judge: function (x, passtime, done) {
      var parts = [x, background, group].map(function (number) {
        return encode(config.challenge, number)
      })
      var fits = Math.abs(x - puzzle.gap) <= TOLERANCE
      setTimeout(done, 0, null, { result: fits ? 'success' : 'fail', validate: parts.join('_') })
    },
  }
}
