// The form helper: guards every `<form data-geetest>` of the page, whenever it is there. Bundled into an IIFE.
/** @import { Guard } from './form/guard.js' */
import { createGuard } from './form/guard.js'
import { createRoots } from './form/roots.js'
import { holdScripts } from './form/send.js'
import { giveTexts } from './form/texts.js'
import { callForm, isFragment, readDocument, rootOf } from './parts/own.js'

/**
 * So many forms get their challenge at once, all others when they are first used: visitors may have written any number of forms, and
 * a session holds few challenges in an outage.
 */
var EARLY = 2

var EVENTS = ['submit', 'reset', 'input', 'focusin', 'click', 'pageshow', 'DOMContentLoaded', 'securitypolicyviolation']

/** @type {Guard[]} */
var guards = []

/**
 * @param {any} form
 * @returns {Guard | undefined}
 */
function guardOf(form) {
  /** @type {Guard | undefined} */
  var found
  guards.forEach(function (guard) {
    if (guard.form === form) found = guard
  })
  return found
}

/** @param {any} form */
function add(form) {
  try {
    guards.push(createGuard(form, guards.length < EARLY))
  } catch (error) {
    // It must not take the other forms of the page with it, and goes nowhere itself.
    console.error(error)
    guards.push({
      form: form,
      face: null,
      mayGo: function () {
        return false
      },
      hear: function (event) {
        if (event.type === 'submit' && event.target === form) {
          event.preventDefault()
          event.stopImmediatePropagation()
        }
        return true
      },
    })
  }
}

/** @param {any} event what has happened, if it is known */
function look(event) {
  if (readDocument('readyState') === 'loading' && event.type !== 'submit') return
  roots.find().forEach(function (form) {
    if (!guardOf(form)) add(form)
  })
  guards = guards.filter(function (guard) {
    return guard.hear(event)
  })
}

var roots = createRoots(EVENTS, look)

// A second copy of this file finds the first at work.
if (!Object.getOwnPropertyDescriptor(window, 'geetestForm')) {
  ;/** @type {any} */ (window).geetestForm = {
    texts: giveTexts,

    /**
     * Guards a form that is not marked, or that stands where none is looked for.
     *
     * @param {any} form
     */
    guard: function (form) {
      if (!(form instanceof HTMLFormElement)) throw new TypeError('geetestForm.guard(form) takes a form element')
      callForm(form, 'setAttribute', 'data-geetest', '')
      var root = rootOf(form)
      if (isFragment(root)) roots.watch(root)
      if (!guardOf(form)) add(form)
      return /** @type {Guard} */ (guardOf(form)).face
    },
  }
  // Before the page hears of it: what is not solved yet, its own handlers never see.
  roots.watch(document)
  holdScripts(function (form) {
    look({})
    var guard = guardOf(form)
    return !guard || guard.mayGo()
  })
  // Challenges grow old, and older browsers tell nothing of changes.
  setInterval(look, 2000, {})
  look({})
}
