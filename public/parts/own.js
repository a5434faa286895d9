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
 * Calls a method of a form's own: its controls can take the names of all its members (`<input name="getAttribute">`).
 *
 * @param {any} form or any other element
 * @param {string} name
 * @param {unknown} [first]
 * @param {unknown} [second]
 * @returns {any}
 */
export function callForm(form, name, first, second) {
  return /** @type {any} */ (Element.prototype)[name].call(form, first, second)
}

/**
 * Hears events before the page's own handlers do. The window's method hides behind the page's elements too.
 *
 * @param {any} target the window hears the whole page; a shadow root what does not leave it
 * @param {string} type
 * @param {(event: any) => void} listener
 */
export function listenTo(target, type, listener) {
  methods.addEventListener.call(target, type, listener, true)
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

/**
 * @param {any} node
 * @returns {any} the document, a shadow root, or the topmost element of what is in no page
 */
export function rootOf(node) {
  /** @type {any} */
  var root = /** @type {Node} */ (head().parentNode).contains(node) ? document : node
  // Browsers without it know no shadow roots either.
  var find = /** @type {any} */ (Node.prototype).getRootNode
  return root === document || !find ? root : find.call(node)
}

/**
 * @param {any} node
 * @returns {boolean} whether it is one such as a shadow root
 */
export function isFragment(node) {
  return node instanceof DocumentFragment
}

/**
 * @param {any} node
 * @returns {boolean}
 */
export function isInPage(node) {
  var root = rootOf(node)
  return root === document || (isFragment(root) && !!root.host && isInPage(root.host))
}

/**
 * @param {any} root the document or a shadow root
 * @param {string} selector
 */
export function findAllIn(root, selector) {
  return root === document ? callDocument('querySelectorAll', selector) : root.querySelectorAll(selector)
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
 * The page's script elements of which that is true. Nobody lets visitors write script elements.
 *
 * @param {(script: HTMLScriptElement) => unknown} test
 * @returns {HTMLScriptElement[]}
 */
function scripts(test) {
  return [].filter.call(callDocument('getElementsByTagName', 'script'), test)
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
  // Modules and old browsers.
  var found = scripts(function (script) {
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

/**
 * An address of a script as this page's policy wants it. Where it asks for Trusted Types that is an object of the policy
 * `express-geetest`, one for all our scripts: a page may let each name be taken only once. It takes no code, only addresses.
 *
 * @param {string} url
 * @returns {any}
 */
export function trust(url) {
  var globals = /** @type {any} */ (window)
  var make = globalFunction('geetestScriptURL')
  try {
    if (!make) {
      var policy = globals.trustedTypes.createPolicy('express-geetest', {
        createScriptURL: function (/** @type {string} */ address) {
          return /^(https?:|\/)/.test(address) ? address : ''
        },
      })
      make = globals.geetestScriptURL = policy.createScriptURL.bind(policy)
    }
    return make(url)
    // oxlint-disable-next-line no-unused-vars -- ES5 knows no catch without a name
  } catch (noTrustedTypes) {
    return url
  }
}

/**
 * Adds a script element, with the nonce of the page's own scripts: its policy may ask for it.
 *
 * @param {HTMLScriptElement} script
 * @param {string} url
 * @param {(event: any) => void} refused called where the page's policy does not let a script have that address
 */
export function insertScript(script, url, refused) {
  var other = scripts(function (one) {
    return one.nonce
  })[0]
  if (other) script.setAttribute('nonce', other.nonce)
  try {
    script.src = trust(url)
    head().appendChild(script)
  } catch (error) {
    setTimeout(refused, 0, error)
  }
}
