// The loader: `window.initGeetest(config, callback)`, for pages written for the vendor's gt.js. Bundled into an IIFE.
/** @import { GeetestConfig, InitGeetest } from './gt' */
import { isChinese, makeError } from './parts/errors.js'
import { addScript, HEDGE, inTurn, jsonp, makeUrl, SCRIPT_HEDGE } from './parts/net.js'

/** @typedef {{ [key: string]: any }} Loose a configuration while it is put together; any key may come from the cloud */

/** Longest wait for the last host, in milliseconds. */
var TRY_LIMIT = 3000
var API_SERVER = 'api.geetest.com'
/** Hosts of the vendor's interface: they serve no scripts, so nothing is gained by asking them in an outage. */
var VENDOR_API = /\.gee(test|visit)\.com/

/** Longest wait for a script of the site's own: there is nobody else to ask. */
var OWN_LIMIT = 30000
/** In an outage the challenge names the site's own script: `<id>.<script>.…` */
var OWN_SCRIPT = /^[0-9a-f]{32}\.([a-z0-9-]+)\./

/** @typedef {import('./gt').GeetestConstructor} Constructor */

var scripts = document.getElementsByTagName('script')
/** @type {any} this file's element; it can only be told while it runs */
var script = document.currentScript || scripts[scripts.length - 1] || {}
/** Where this file came from: the site's own scripts lie beside it. */
var base = (script.src || '').replace(/[^/?#]*([?#].*)?$/, '')

/**
 * What scripts have defined, by name, and who waits for it. A script that failed stays failed: later calls learn it at
 * once.
 *
 * @type {{ [name: string]: { queue?: Array<(made?: Constructor) => void>, made?: Constructor } }}
 */
var libraries = {}
/** What `window.Geetest` is while no script of the site's own has just set it. */
var online = window.Geetest
if (online) libraries.slide = { made: online }

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
    HEDGE,
  )
}

/**
 * @param {string} name
 * @param {string[]} urls tried in turn
 * @param {number} limit milliseconds for the last of them
 * @param {() => Constructor | false | undefined} take what the script that has just run has defined
 * @param {(made?: Constructor) => void} done
 */
function getLibrary(name, urls, limit, take, done) {
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
      return addScript(url, function () {
        answered(take())
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

/** A login page of some network answers 200 too: only the constructor proves that the script came. */
function takeOnline() {
  return (online = window.Geetest)
}

/** Gives `window.Geetest` back to the cloud's script, so that captchas of both kinds live on one page. */
function takeOwn() {
  var made = window.Geetest
  window.Geetest = online
  return made !== online && made
}

/**
 * @param {Loose} config
 * @param {string} number
 * @param {string} msg
 * @param {string} [text]
 */
function fail(config, number, msg, text) {
  var error = makeError(config.lang, number, msg, text)
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

  /** @param {Constructor} [made] */
  function begin(made) {
    if (made) return callback(new made(/** @type {any} */ (config)))
    var text = isChinese(config.lang) ? '网络错误，请重试' : 'Network failure, please try again'
    fail(config, '111', 'the script of the captcha could not be loaded', text)
  }

  /** @param {Loose} [type] */
  function proceed(type) {
    copy(config, type)
    var urls = (config.static_servers || config.domains || []).map(function (/** @type {string} */ host) {
      return makeUrl(config.protocol, host, scriptPath(config))
    })
    getLibrary(config.type, urls, tryLimit(config), takeOnline, begin)
  }

  copy(config, config.getType)
  var own = config.offline && OWN_SCRIPT.exec(config.challenge)
  if (own) {
    online = window.Geetest
    getLibrary('./' + own[1], [base + own[1] + '.js'], OWN_LIMIT, takeOwn, begin)
  } else if (config.getLib) proceed(config.getLib)
  else if (config.offline) proceed(fallback(config))
  else getType(config, proceed)
}
