/**
 * Keeps a press on the cover behind this panel from closing it (`mask: { outside: false }`).
 *
 * @param {HTMLElement} panel
 * @returns {() => void} lets go
 */
export function keepOpen(panel) {
  /** @param {any} event */
  function swallow(event) {
    if (event.target.nextSibling === panel) event.stopPropagation()
  }

  // On its way down: nobody below has heard of it yet.
  window.addEventListener('mousedown', swallow, true)
  return function () {
    window.removeEventListener('mousedown', swallow, true)
  }
}
