import { callDocument, createElement } from './own.js'

/**
 * Adds an element. Styles go through the CSSOM (`style.cssText`), which a strict Content-Security-Policy allows, unlike
 * style attributes and style elements.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Node | null} parent
 * @param {Tag} tag
 * @param {string} className
 * @param {string} [css]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function add(parent, tag, className, css, text) {
  var element = createElement(tag)
  if (className) element.className = className
  element.style.cssText = css || ''
  if (text) element.textContent = text
  if (parent) parent.appendChild(element)
  return element
}

/** @param {Node} node */
export function remove(node) {
  if (node.parentNode) node.parentNode.removeChild(node)
}

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: any) => void} listener
 */
export function on(target, type, listener) {
  target.addEventListener(type, listener)
}

/**
 * @param {unknown} target a selector or an element
 * @returns {HTMLElement | null}
 */
export function find(target) {
  try {
    return typeof target === 'string'
      ? callDocument('querySelector', target)
      : target instanceof Element
        ? /** @type {any} */ (target)
        : null
    // oxlint-disable-next-line no-unused-vars -- ES5 knows no catch without a name
  } catch (badSelector) {
    return null
  }
}

/**
 * A CSS length: numbers are pixels.
 *
 * @param {string | number | undefined} value
 * @param {string} otherwise
 */
export function size(value, otherwise) {
  return value ? value + (/\D$/.test(/** @type {any} */ (value)) ? '' : 'px') : otherwise
}
