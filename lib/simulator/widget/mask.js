/** @import { Face } from '../../../public/parts/face' */

/**
 * Keeps a press on the cover behind this panel from closing it (`mask: { outside: false }`).
 *
 * @param {HTMLElement} panel
 * @param {Face} face
 * @returns {Face} the same, which lets go when it is destroyed
 */
export function keepOpen(panel, face) {
  /** @param {any} event */
  function swallow(event) {
    if (event.target.nextSibling === panel) event.stopPropagation()
  }

  function destroy() {
    window.removeEventListener('mousedown', swallow, true)
    face.destroy()
  }

  // On its way down: nobody below has heard of it yet.
  window.addEventListener('mousedown', swallow, true)
  return Object.create(face, { destroy: { value: destroy } })
}
