// The form helper: guards every `<form data-geetest>` of the page, whenever it is there. Bundled into an IIFE.
/** @import { Guard } from './form/guard.js' */
import { createGuard } from './form/guard.js'
import { findAll, listen, readDocument } from './parts/own.js'

/** @type {Guard[]} */
var guards = []
/** @type {any[]} forms that cannot be guarded; a visitor may have written one */
var broken = []

/** @param {any} event what has happened, if it is known */
function look(event) {
  if (readDocument('readyState') === 'loading') return
  guards = guards.filter(function (guard) {
    return guard(event)
  })
  ;[].forEach.call(findAll('form[data-geetest]'), function (/** @type {any} */ form) {
    if (form.geetest || broken.indexOf(form) >= 0) return
    try {
      guards.push(createGuard(form))
    } catch (error) {
      // It must not take the other forms of the page with it.
      broken.push(form)
      console.error(error)
    }
  })
}

// Before the page hears of it: what is not solved yet, its own handlers never see.
;['submit', 'reset', 'input', 'pageshow', 'DOMContentLoaded'].forEach(function (type) {
  listen(type, look)
})
if (window.MutationObserver) new MutationObserver(look).observe(document, { childList: true, subtree: true })
// Challenges grow old, and older browsers tell nothing of changes.
setInterval(look, 2000, {})
look({})
