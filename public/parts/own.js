// What the page's markup cannot change. Elements can take the names of the document's and the window's own members
// (`<img name="currentScript">`), and any script can write to Object.prototype. So no other file reads or calls anything of the document's.

/** A worker, which may be of a file with this in it, has no documents. */
var methods = /** @type {Document} */ (typeof Document === 'undefined' ? null : Document.prototype)

/**
 * What the document itself has by that name. Where its prototype has nothing of the kind, as in old browsers, whatever is there.
 *
 * @param {string} name
 * @returns {any}
 */
export function readDocument(name) {
  var member = Object.getOwnPropertyDescriptor(methods, name)
  return member && member.get ? member.get.call(document) : /** @type {any} */ (document)[name]
}

/**
 * Calls a method of the document's.
 *
 * @param {string} name
 * @param {unknown} [first]
 * @param {unknown} [second]
 * @returns {any}
 */
export function callDocument(name, first, second) {
  return /** @type {any} */ (methods)[name].call(document, first, second)
}

/**
 * Hears events of the whole page, before its own handlers do. The window's method hides behind the page's elements too.
 *
 * @param {string} type
 * @param {(event: any) => void} listener
 */
export function listen(type, listener) {
  methods.addEventListener.call(window, type, listener, true)
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function createElement(tag) {
  return callDocument('createElement', tag)
}

/** Scripts are added here. Markup that visitors write never reaches it. */
export function head() {
  return callDocument('getElementsByTagName', 'head')[0]
}

/** @param {Node} node */
export function isInPage(node) {
  return /** @type {Node} */ (head().parentNode).contains(node)
}

/** @param {string} selector */
export function findAll(selector) {
  return callDocument('querySelectorAll', selector)
}

/**
 * A function that some script has defined globally. Elements with that id are no properties of the window's own.
 *
 * @param {string} name
 * @returns {any}
 */
export function globalFunction(name) {
  var own = Object.getOwnPropertyDescriptor(window, name)
  return own && typeof own.value === 'function' ? own.value : undefined
}

/**
 * Addresses of files of that name.
 *
 * @param {string} file name without its extension, such as "gt"
 */
function addressOf(file) {
  return RegExp('^[^?#]*/' + file + '\\.[^/?#]*([?#]|$)')
}

/**
 * The script element that is running, or the one in which this file must have come: its name is in the address, and no other
 * script has that name. Undefined where neither can be known, as in a module.
 *
 * @param {string} file name without its extension, such as "gt"
 * @returns {HTMLScriptElement | undefined}
 */
export function findScript(file) {
  var running = readDocument('currentScript')
  if (running instanceof HTMLScriptElement) return running
  // Modules and old browsers. Nobody lets visitors write script elements.
  /** @type {HTMLScriptElement[]} */
  var found = [].filter.call(callDocument('getElementsByTagName', 'script'), function (/** @type {any} */ script) {
    return addressOf(file).test(script.src)
  })
  var differ = found.some(function (script) {
    return script.src !== found[0].src
  })
  return differ ? undefined : found[0]
}

/**
 * The address of that script; empty where it is not known: a script of another name is a bundle or an inline script with this file
 * in it, and says nothing of where the site's own scripts are.
 *
 * @param {string} file
 */
export function scriptAddress(file) {
  var script = findScript(file)
  return script && addressOf(file).test(script.src) ? script.src : ''
}
