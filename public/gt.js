// The loader: `window.initGeetest(config, callback)`, for pages written for the vendor's gt.js. Bundled into an IIFE.
/** @import { GeetestConfig, InitGeetest } from './gt' */
import { makeError } from './parts/errors.js'
import { addScript, inTurn, jsonp, makeUrl } from './parts/net.js'

/** @typedef {{ [key: string]: any }} Loose a configuration while it is put together; any key may come from the cloud */

/** Longest wait for one host, in milliseconds. */
var TRY_LIMIT = 3000
var API_SERVER = 'api.geetest.com'
/** Hosts of the vendor's interface: they serve no scripts, so nothing is gained by asking them in an outage. */
var VENDOR_API = /\.gee(test|visit)\.com/

/**
 * Scripts by type, and who waits for them. A type that failed stays failed: later calls learn it at once.
 *
 * @type {{ [type: string]: { state: 'init' | 'loading' | 'loaded' | 'fail', queue: Array<(loaded: boolean) => void> } }}
 */
var libraries = {}
if (window.Geetest) libraries.slide = { state: 'loaded', queue: [] }

/**
 * Own keys only; undefined counts as not given, so that pages may pass on what their server left out.
 *
 * @param {Loose} target
 * @param {Loose} [source]
 */
function copy(target, source) {
  Object.keys(source || {}).forEach(function (key) {
    if (source && source[key] !== undefined) target[key] = source[key]
  })
  return target
}

/** @param {Loose} config */
function apiServers(config) {
  return /** @type {string[]} */ ([]).concat(config.api_server_v3 || config.api_server || API_SERVER)
}

/**
 * What to load in an outage. The page's own cloud (private cloud, simulator) is asked before the vendor's CDN.
 *
 * @param {Loose} config
 */
function fallback(config) {
  var servers = ['static.geetest.com', 'dn-staticdown.qbox.me']
  var own = apiServers(config).filter(function (host) {
    return !VENDOR_API.test(host)
  })
  var known = config.fallback_config || {
    slide: { static_servers: own.concat(servers), type: 'slide', slide: '/static/js/geetest.0.0.0.js' },
    fullpage: { static_servers: own.concat(servers), type: 'fullpage', fullpage: '/static/js/fullpage.0.0.0.js' },
  }
  return known[config.type] || known[config.new_captcha ? 'fullpage' : 'slide']
}

/** @param {Loose} config */
function scriptPath(config) {
  return config[config.type] || config.path
}

/** @param {Loose} config */
function tryLimit(config) {
  return config.timeout > 0 ? Math.min(config.timeout, TRY_LIMIT) : TRY_LIMIT
}

/**
 * Asks the cloud which widget to load.
 *
 * @param {Loose} config
 * @param {(type: Loose) => void} done
 */
function getType(config, done) {
  inTurn(
    apiServers(config),
    tryLimit(config),
    function (host, answered) {
      jsonp(makeUrl(config.protocol, host, config.typePath, { gt: config.gt }), function (reply) {
        var data = reply && (reply.status ? reply.status === 'success' && reply.data : reply)
        answered(data && scriptPath(data) && data)
      })
    },
    function (data) {
      done(data || fallback(config))
    },
  )
}

/**
 * @param {Loose} config
 * @param {(loaded: boolean) => void} done
 */
function getLibrary(config, done) {
  var library = libraries[config.type] || (libraries[config.type] = { state: 'init', queue: [] })
  if (library.state === 'loaded' || library.state === 'fail') return done(library.state === 'loaded')
  library.queue.push(done)
  if (library.state === 'loading') return
  library.state = 'loading'
  inTurn(
    config.static_servers || config.domains || [],
    tryLimit(config),
    function (host, answered) {
      addScript(makeUrl(config.protocol, host, scriptPath(config)), function () {
        // A login page of some network answers 200 too: only the constructor proves that the script came.
        answered(window.Geetest)
      })
    },
    function (loaded) {
      library.state = loaded ? 'loaded' : 'fail'
      // Each in a turn of its own, so that one page's exception does not reach the next in the queue.
      library.queue.forEach(function (waiting) {
        setTimeout(waiting, 0, !!loaded)
      })
      library.queue = []
    },
  )
}

/**
 * @param {Loose} config
 * @param {string} number
 * @param {string} msg
 */
function fail(config, number, msg) {
  var error = makeError(config.lang, number, msg)
  if (typeof config.onError !== 'function') throw new Error(error.error_code + ': ' + msg)
  config.onError(error)
}

/** @type {InitGeetest} */
window.initGeetest = function (userConfig, callback) {
  var scheme = location.protocol
  /** @type {Loose} */
  var config = copy(
    {
      api_server: API_SERVER,
      typePath: '/gettype.php',
      protocol: (/^https?:$/.test(scheme) ? scheme : 'https:') + '//',
    },
    userConfig,
  )
  if (config.https) config.protocol = 'https://'
  if (!config.gt || !config.challenge) return fail(config, '114', 'gt or challenge is missing')
  if (typeof config.gt !== 'string') return fail(config, '103', 'gt is not a string')
  window.GeeGT = config.gt
  window.GeeChallenge = config.challenge

  /** @param {Loose} [type] */
  function proceed(type) {
    copy(config, type)
    getLibrary(config, function (loaded) {
      if (loaded && window.Geetest) callback(new window.Geetest(/** @type {any} */ (config)))
      else fail(config, '111', 'the script of the captcha could not be loaded')
    })
  }

  copy(config, config.getType)
  if (config.getLib) proceed(config.getLib)
  else if (config.offline) proceed(fallback(config))
  else getType(config, proceed)
}
