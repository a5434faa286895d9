/** @typedef {{ [key: string]: any }} Loose a configuration while it is put together; any key may come from the cloud */

/**
 * An object of which every member was put there: a polluted Object.prototype adds none.
 *
 * @param {Loose | false} [source]
 * @returns {Loose}
 */
export function bare(source) {
  return copy(Object.create(null), source)
}

/**
 * Own keys only; undefined counts as not given, so that pages may pass on what their server left out.
 *
 * @param {Loose} target
 * @param {Loose | false} [source]
 */
export function copy(target, source) {
  Object.keys(source || {}).forEach(function (key) {
    if (source && source[key] !== undefined) target[key] = source[key]
  })
  return target
}
