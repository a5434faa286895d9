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
 * Mixes `words` into a state. The heart of it all: the rest of the page waits for nothing else.
 *
 * The build writes the inner loops out (`scripts/unroll.mjs`): two rounds at a time, so that half of the names need not move. Every sum is
 * made an integer at once, so that no engine has to provide for larger ones. All 64 rounds in one piece with the block in variables
 * are faster by a third once they are compiled, but that takes a tenth of a second, and most visitors are done by then.
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
  var i = 0
  var n
  var t
  var x
  var y
  var z
  // The block as it is, then what is made from it. A round stands twice: calling a function for it would cost more than it does.
  while (i < 16) {
    for (n = 0; n < 2; n++) {
      // unroll
      x = w[i]
      t = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7)))) | 0
      t = (t + (g ^ (e & (f ^ g)))) | 0
      t = (t + ((k[i++] + x) | 0)) | 0
      h = g
      g = f
      f = e
      e = (d + t) | 0
      d = c
      c = b
      b = a
      t = (t + (((b >>> 2) | (b << 30)) ^ ((b >>> 13) | (b << 19)) ^ ((b >>> 22) | (b << 10)))) | 0
      a = (t + ((b & c) | (d & (b | c)))) | 0
    }
  }
  while (i < 64) {
    for (n = 0; n < 2; n++) {
      // unroll
      x = w[i - 15]
      y = w[i - 2]
      z = (w[i - 16] + w[i - 7]) | 0
      z = (z + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3))) | 0
      x = (z + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))) | 0
      w[i] = x
      t = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7)))) | 0
      t = (t + (g ^ (e & (f ^ g)))) | 0
      t = (t + ((k[i++] + x) | 0)) | 0
      h = g
      g = f
      f = e
      e = (d + t) | 0
      d = c
      c = b
      b = a
      t = (t + (((b >>> 2) | (b << 30)) ^ ((b >>> 13) | (b << 19)) ^ ((b >>> 22) | (b << 10)))) | 0
      a = (t + ((b & c) | (d & (b | c)))) | 0
    }
  }
  to[0] = (from[0] + a) | 0
  to[1] = (from[1] + b) | 0
  to[2] = (from[2] + c) | 0
  to[3] = (from[3] + d) | 0
  to[4] = (from[4] + e) | 0
  to[5] = (from[5] + f) | 0
  to[6] = (from[6] + g) | 0
  to[7] = (from[7] + h) | 0
}

/**
 * Puts up to 64 characters into `words`; what is missing is zero.
 *
 * @param {string} text
 */
export function load(text) {
  for (var i = 0; i < 64; i++) words[i >> 2] = (words[i >> 2] << 8) | text.charCodeAt(i)
}
