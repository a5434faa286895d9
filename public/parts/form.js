import { add } from './dom.js'

/**
 * Adds hidden inputs, empty until the visitor has passed.
 *
 * @template {string} Field
 * @param {HTMLElement} element
 * @param {Field[]} fields their names
 * @returns {(result: { [name in Field]: string } | false) => void} fills them
 */
export function addFields(element, fields) {
  var inputs = fields.map(function (name) {
    var input = add(element, 'input', name)
    input.type = 'hidden'
    input.name = name
    return input
  })

  return function (result) {
    inputs.forEach(function (input, i) {
      input.value = result ? result[fields[i]] : ''
    })
  }
}
