/**
 * Members of version 4 arrive as `static_path` and are used as `staticPath`, at any depth.
 *
 * @param {any} value
 * @returns {any}
 */
export function camelize(value) {
  if (!value || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(camelize)
  var result = /** @type {any} */ ({})
  Object.keys(value).forEach(function (key) {
    var name = key.replace(/([^_])_([a-z])/gi, function (_match, before, letter) {
      return before + letter.toUpperCase()
    })
    result[name] = camelize(value[key])
  })
  return result
}
