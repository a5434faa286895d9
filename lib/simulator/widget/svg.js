/**
 * Adds an SVG element; attributes are presentation attributes, which a strict Content-Security-Policy allows.
 *
 * @param {Node} parent
 * @param {string} tag
 * @param {{ [name: string]: string | number }} attributes
 * @returns {SVGElement}
 */
export function addSvg(parent, tag, attributes) {
  var element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (var name in attributes) element.setAttribute(name, String(attributes[name]))
  parent.appendChild(element)
  return element
}
