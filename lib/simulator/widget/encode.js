/** What the groups of characters count, largest last. */
var VALUES = [1, 2, 5, 10, 50]

/** @param {string} character 0-9 or a-z, as a digit of base 36 */
function digit(character) {
  return parseInt(character, 36) || 0
}

/**
 * A number in the characters of the challenge: the first 32 deal the coins (1, 2, 5, 10, 50 in rotation, each character
 * once), the last two are added first.
 *
 * @param {string} challenge
 * @param {number} number
 */
export function encode(challenge, number) {
  /** @type {string[][]} */
  var groups = [[], [], [], [], []]
  var seen = ''
  challenge
    .slice(0, 32)
    .split('')
    .forEach(function (character) {
      if (seen.indexOf(character) >= 0) return
      groups[seen.length % VALUES.length].push(character)
      seen += character
    })

  var rest = Math.round(number) + 36 * digit(challenge.charAt(32)) + digit(challenge.charAt(33))
  var text = ''
  for (var i = VALUES.length - 1; i >= 0; i--) {
    var group = groups[i]
    while (group.length && rest >= VALUES[i]) {
      text += group[Math.floor(Math.random() * group.length)]
      rest -= VALUES[i]
    }
  }
  return text
}
