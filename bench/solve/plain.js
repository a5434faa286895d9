// The loop that `public/offline/sha256.js` was before it was written for engines, to be compared with.
import { initial, words } from '../../public/offline/sha256.js'

var constants = new Int32Array(64)
for (var prime = 2, found = 0; found < 64; prime++) {
  var divisor = 2
  while (prime % divisor) divisor++
  if (divisor === prime) constants[found++] = ((Math.pow(prime, 1 / 3) % 1) * 4294967296) | 0
}

function turn(word, bits) {
  return (word >>> bits) | (word << (32 - bits))
}

export { initial, words }

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
