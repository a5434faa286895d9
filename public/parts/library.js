/** @import { Loose } from './copy.js' */
import { bare } from './copy.js'
import { addScript, inTurn, LIMIT, PATIENCE, SCRIPT_HEDGE } from './net.js'
import { globalFunction, scriptAddress } from './own.js'

/** In an outage the challenge names the site's own script: `<id>.<script>.…` */
var OWN_SCRIPT = /^[0-9a-f]{32}\.([a-z0-9-]+)\./

/** The address of this file; empty where that cannot be known. */
var address = scriptAddress('gt4?(-offline)?')
/** Where the site's own scripts and routes lie, unless the page says otherwise. */
export var base = address.replace(/[^/?#]*([?#].*)?$/, '')

/**
 * What scripts have defined, by name, and who waits for it. A script that failed stays failed: later calls learn it at
 * once. One that was only too slow is asked for again.
 *
 * @type {{ [name: string]: { queue?: Array<(made: any, slow?: boolean) => void>, made?: any } }}
 */
var libraries = bare()
/** What `window.Geetest` is while no script of the site's own has just set it. */
var online = globalFunction('Geetest')
if (online) libraries.slide = { made: online }

/** A login page of some network answers 200 too: only the constructor proves that the script came. */
export function takeOnline() {
  return (online = globalFunction('Geetest'))
}

/**
 * How long hosts are waited for.
 *
 * @param {Loose | null} config none: what is asked for comes from the site itself, and there is nobody else to ask
 * @param {number} hedge
 * @param {boolean} [large]
 * @returns {import('./net.js').Terms}
 */
export function termsOf(config, hedge, large) {
  var timeout = config && config.timeout
  return {
    hedge: hedge,
    patience: config ? PATIENCE : LIMIT,
    limit: timeout > 0 ? Math.min(timeout, LIMIT) : LIMIT,
    site: config && config.base ? config.base + 'gt.js' : address,
    large: large,
  }
}

/**
 * Whether the site's own scripts cannot be found: then an outage would be met by nobody, and it is said while the page is being made.
 * A page of no site at all, as from a file, has none.
 *
 * @param {Loose} config
 */
export function isLost(config) {
  return !config.base && !base && /^https?:/.test(location.protocol)
}

/** The scheme of the page; https for pages that have neither. */
export function pageProtocol() {
  return (/^https?:$/.test(location.protocol) ? location.protocol : 'https:') + '//'
}

/**
 * @param {string} name
 * @param {string[]} urls tried in turn
 * @param {Loose | null} config none: the script is the site's own
 * @param {(arrived: boolean) => any} take what the script that has just run has defined
 * @param {(made: any, slow?: boolean) => void} done with what was taken, or nothing where no script came; whether it was only too slow
 */
export function getLibrary(name, urls, config, take, done) {
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
    termsOf(config, SCRIPT_HEDGE, true),
    function (url, answered) {
      return addScript(url, function (arrived) {
        answered(take(arrived))
      })
    },
    function (made, slow) {
      if (slow) delete libraries[name]
      else libraries[name] = { made: made }
      // Each in a turn of its own, so that one page's exception does not reach the next in the queue.
      queue.forEach(function (waiting) {
        setTimeout(waiting, 0, made, slow)
      })
    },
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
 * @param {(made: any, slow?: boolean) => void} done
 */
export function getOwn(from, name, done) {
  online = globalFunction('Geetest')
  getLibrary(
    from + name,
    from ? [from + name + '.js'] : [],
    null,
    function () {
      var made = globalFunction('Geetest')
      window.Geetest = online
      return made !== online && made
    },
    done,
  )
}
