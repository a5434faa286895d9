/** @import { Loose } from './copy.js' */
import { bare } from './copy.js'
import { addScript, inTurn, SCRIPT_HEDGE } from './net.js'
import { globalFunction, scriptAddress } from './own.js'

/** Longest wait for the last host, in milliseconds. */
var TRY_LIMIT = 3000
/** Longest wait for what comes from the site itself, in milliseconds: there is nobody else to ask. */
export var OWN_LIMIT = 30000
/** In an outage the challenge names the site's own script: `<id>.<script>.…` */
var OWN_SCRIPT = /^[0-9a-f]{32}\.([a-z0-9-]+)\./

/** Where this file came from: the site's own scripts and routes lie beside it. Empty where that cannot be known. */
export var base = scriptAddress('gt4?').replace(/[^/?#]*([?#].*)?$/, '')

/**
 * What scripts have defined, by name, and who waits for it. A script that failed stays failed: later calls learn it at
 * once.
 *
 * @type {{ [name: string]: { queue?: Array<(made: any) => void>, made?: any } }}
 */
var libraries = bare()
/** What `window.Geetest` is while no script of the site's own has just set it. */
var online = globalFunction('Geetest')
if (online) libraries.slide = { made: online }

/** A login page of some network answers 200 too: only the constructor proves that the script came. */
export function takeOnline() {
  return (online = globalFunction('Geetest'))
}

/** @param {Loose} config */
export function tryLimit(config) {
  return config.timeout > 0 ? Math.min(config.timeout, TRY_LIMIT) : TRY_LIMIT
}

/** The scheme of the page; https for pages that have neither. */
export function pageProtocol() {
  return (/^https?:$/.test(location.protocol) ? location.protocol : 'https:') + '//'
}

/**
 * @param {string} name
 * @param {string[]} urls tried in turn
 * @param {number} limit milliseconds for the last of them
 * @param {(arrived: boolean) => any} take what the script that has just run has defined
 * @param {(made: any) => void} done with what was taken, or nothing where no script came
 */
export function getLibrary(name, urls, limit, take, done) {
  var known = libraries[name]
  if (known) {
    if (known.queue) known.queue.push(done)
    else done(known.made)
    return
  }
  var queue = [done]
  libraries[name] = { queue: queue }
  inTurn(
    urls,
    limit,
    function (url, answered) {
      return addScript(url, function (arrived) {
        answered(take(arrived))
      })
    },
    function (made) {
      libraries[name] = { made: made }
      // Each in a turn of its own, so that one page's exception does not reach the next in the queue.
      queue.forEach(function (waiting) {
        setTimeout(waiting, 0, made)
      })
    },
    SCRIPT_HEDGE,
  )
}

/**
 * The script of the site's own that a challenge of downtime names.
 *
 * @param {unknown} challenge
 */
export function ownScript(challenge) {
  var found = OWN_SCRIPT.exec(String(challenge))
  return found && found[1]
}

/**
 * Gets the constructor from a script of the site's own, from the folder `from`, and leaves `window.Geetest` as it was, so that captchas of both
 * kinds live on one page.
 *
 * @param {string} from ends with a slash; empty: it cannot be known, and nothing is loaded
 * @param {string} name
 * @param {(made: any) => void} done
 */
export function getOwn(from, name, done) {
  online = globalFunction('Geetest')
  getLibrary(
    from + name,
    from ? [from + name + '.js'] : [],
    OWN_LIMIT,
    function () {
      var made = globalFunction('Geetest')
      window.Geetest = online
      return made !== online && made
    },
    done,
  )
}
