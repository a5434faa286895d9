// SHA-256 for one purpose: very many short texts that share their first block. No eval, no wasm, and no crypto.subtle,
// which pages on plain http do not have.

/**
 * Four times as fast as an array. Younger than ES5, so the oldest browsers of all do the same work with arrays.
 *
 * @type {new (length: number) => { [index: number]: number }}
 */
export var Words = self.Int32Array || Array

/** The fractions of roots of the first primes: the cube roots of 64 of them, and the square roots of the first 8. */
var constants = new Words(64)
export var initial = new Words(8)
/** The block at work: 16 words, and 48 more that are made from them. */
export var words = new Words(64)

for (var prime = 2, found = 0; found < 64; prime++) {
  var divisor = 2
  while (prime % divisor) divisor++
  if (divisor < prime) continue
  // Of the first, only eight will be read.
  initial[found] = ((Math.pow(prime, 1 / 2) % 1) * 4294967296) | 0
  constants[found++] = ((Math.pow(prime, 1 / 3) % 1) * 4294967296) | 0
}

/**
 * @param {number} word
 * @param {number} bits
 */
function turn(word, bits) {
  return (word >>> bits) | (word << (32 - bits))
}

/**
 * Mixes `words` into a state. The heart of it all: the rest of the page waits for nothing else.
 *
 * @param {{ [index: number]: number }} from
 * @param {{ [index: number]: number }} to
 */
export function compress(from, to) {
  var w = words
  var k = constants
  var a = from[0]
  var b = from[1]
  var c = from[2]
  var d = from[3]
  var e = from[4]
  var f = from[5]
  var g = from[6]
  var h = from[7]
  for (var i = 0; i < 64; i++) {
    if (i > 15) {
      var x = w[i - 15]
      var y = w[i - 2]
      w[i] =
        (w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10))) | 0
    }
    var t = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (g ^ (e & (f ^ g))) + k[i] + w[i]) | 0
    h = g
    g = f
    f = e
    e = (d + t) | 0
    d = c
    c = b
    b = a
    a = (t + (turn(b, 2) ^ turn(b, 13) ^ turn(b, 22)) + ((b & c) | (d & (b | c)))) | 0
  }
  var mixed = [a, b, c, d, e, f, g, h]
  for (var j = 0; j < 8; j++) to[j] = (from[j] + mixed[j]) | 0
}

/**
 * Puts up to 64 characters into `words`; what is missing is zero.
 *
 * @param {string} text
 */
export function load(text) {
  for (var i = 0; i < 64; i++) words[i >> 2] = (words[i >> 2] << 8) | text.charCodeAt(i)
}
