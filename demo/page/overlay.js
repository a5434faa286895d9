/**
 * The page's own overlay: a mask and a box. Closed, it is invisible and keeps its layout, so that a captcha drawn in it
 * measures its real size.
 *
 * @param {HTMLElement} mask holds the box: the element with the role "dialog"
 */
// oxlint-disable-next-line no-unused-vars -- login.js calls it
function createOverlay(mask) {
  var box = /** @type {HTMLElement} */ (mask.querySelector('[role=dialog]'))
  /** @type {HTMLElement | null} */
  var before = null

  function isOpen() {
    return mask.classList.contains('is-open')
  }

  function open() {
    if (isOpen()) return
    before = /** @type {HTMLElement | null} */ (document.activeElement)
    mask.classList.add('is-open')
    box.focus()
  }

  function close() {
    if (!isOpen()) return
    mask.classList.remove('is-open')
    if (before) before.focus()
  }

  /** @param {KeyboardEvent} event Tab: the focus goes round inside the box */
  function keepInside(event) {
    var all = box.querySelectorAll('button:not([disabled]), input:not([type=hidden]), [tabindex="0"]')
    /** @type {HTMLElement[]} */
    var seen = Array.prototype.filter.call(all, function (item) {
      return item.offsetWidth > 0
    })
    var first = seen[0]
    var last = seen[seen.length - 1]
    var active = document.activeElement
    if (event.shiftKey ? active !== first && active !== box : active !== last) return
    event.preventDefault()
    ;(event.shiftKey ? last : first).focus()
  }

  mask.addEventListener('click', function (event) {
    if (event.target === mask) close()
  })
  mask.addEventListener('keydown', function (event) {
    if (event.key === 'Escape' || event.key === 'Esc') close()
    if (event.key === 'Tab') keepInside(event)
  })
  /** @type {HTMLElement} */
  var button = /** @type {HTMLElement} */ (mask.querySelector('.close'))
  button.addEventListener('click', close)

  return { open: open, close: close }
}
