// Where forms are: the document, and what `document.querySelectorAll` does not see, the open shadow roots in it.
import { findAllIn, globalFunction, isInPage, listenTo } from '../parts/own.js'

/** All elements are looked through for shadow roots at most that often, in milliseconds. */
var PAUSE = 200

/**
 * @param {string[]} types of the events that are heard, before the page's own handlers hear them
 * @param {(event: any) => void} hear events, and changes of what is in a root
 */
export function createRoots(types, hear) {
  /** @type {any[]} the document is the first */
  var roots = []
  var looked = 0
  var observer = window.MutationObserver && new MutationObserver(hear)
  var Shadow = globalFunction('ShadowRoot')

  /** @param {any} root the document, or a shadow root, closed ones too */
  function watch(root) {
    if (roots.indexOf(root) >= 0) return
    roots.push(root)
    types.forEach(function (type) {
      // The window comes before the document.
      listenTo(root === document ? window : root, type, hear)
    })
    if (observer) observer.observe(root, { childList: true, subtree: true })
  }

  function lookForShadows() {
    if (!Shadow || Date.now() - looked < PAUSE) return
    looked = Date.now()
    roots = roots.filter(function (root) {
      return root === document || isInPage(root)
    })
    // The list grows while it is walked: shadows have shadows.
    for (var i = 0; i < roots.length; i++) {
      ;[].forEach.call(findAllIn(roots[i], '*'), function (/** @type {any} */ element) {
        // A form's control may have that name.
        if (element.shadowRoot instanceof Shadow) watch(element.shadowRoot)
      })
    }
  }

  return {
    watch: watch,

    /** @returns {any[]} all forms that are marked */
    find: function () {
      /** @type {any[]} */
      var forms = []
      lookForShadows()
      roots.forEach(function (root) {
        forms.push.apply(forms, [].slice.call(findAllIn(root, 'form[data-geetest]')))
      })
      return forms
    },
  }
}
