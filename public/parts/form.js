/** @import { GeetestValidate } from '../gt' */
import { add } from './dom.js'

/** @type {Array<keyof GeetestValidate>} */
var FIELDS = ['geetest_challenge', 'geetest_validate', 'geetest_seccode']

/**
 * Adds the three hidden inputs, empty until the visitor has passed.
 *
 * @param {HTMLElement} element
 * @returns {(result: GeetestValidate | false) => void} fills them
 */
export function addFields(element) {
  var inputs = FIELDS.map(function (name) {
    var input = add(element, 'input', name)
    input.type = 'hidden'
    input.name = name
    return input
  })

  return function (result) {
    inputs.forEach(function (input, i) {
      input.value = result ? result[FIELDS[i]] : ''
    })
  }
}
