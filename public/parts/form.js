/** @import { GeetestValidate } from '../gt' */
import { add } from './dom.js'

/** @type {Array<keyof GeetestValidate>} */
var FIELDS = ['geetest_challenge', 'geetest_validate', 'geetest_seccode']

/**
 * The three hidden inputs, empty until the visitor has passed.
 *
 * @param {Node} holder
 */
export function createForm(holder) {
  var element = add(holder, 'div', 'geetest_form')
  var inputs = FIELDS.map(function (name) {
    var input = add(element, 'input', name)
    input.type = 'hidden'
    input.name = name
    return input
  })

  return {
    element: element,

    /** @param {GeetestValidate | false} result */
    fill: function (result) {
      inputs.forEach(function (input, i) {
        input.value = result ? result[FIELDS[i]] : ''
      })
    },
  }
}
