// The loader: `window.initGeetest(config, callback)`, for pages written for the vendor's gt.js. Bundled into an IIFE.
/** @import { GeetestConfig, InitGeetest } from './gt' */
/** @import { Loose } from './parts/copy.js' */
import { isChinese, makeError } from './parts/errors.js'
import { bare, copy } from './parts/copy.js'
import { base, getLibrary, getOwn, ownScript, pageProtocol, takeOnline, tryLimit } from './parts/library.js'
import { HEDGE, inTurn, jsonp, makeUrl } from './parts/net.js'

var API_SERVER = 'api.geetest.com'
/** Hosts of the vendor's interface: they serve no scripts, so nothing is gained by asking them in an outage. */
var VENDOR_API = /\.gee(test|visit)\.com/

/** @typedef {import('./gt').GeetestConstructor} Constructor */

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
  return bare(known)[config.type] || known[config.new_captcha ? 'fullpage' : 'slide']
}

/** @param {Loose} config */
function scriptPath(config) {
  return config[config.type] || config.path
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
        var data = bare(reply)
        if (data.status) data = bare(data.status === 'success' && data.data)
        answered(scriptPath(data) && data)
      })
    },
    function (data) {
      done(data || fallback(config))
    },
    HEDGE,
  )
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
  /** @type {Loose} */
  var config = copy(
    bare({
      api_server: API_SERVER,
      typePath: '/gettype.php',
      protocol: pageProtocol(),
    }),
    userConfig,
  )
  var from = config.base || base
  if (config.https) config.protocol = 'https://'
  if (!config.gt || !config.challenge) return fail(config, '114', 'gt or challenge is missing')
  if (typeof config.gt !== 'string') return fail(config, '103', 'gt is not a string')
  window.GeeGT = config.gt
  window.GeeChallenge = config.challenge

  /** @param {Constructor} [made] */
  function begin(made) {
    // The widget looks for this one first: it must not find what is no option of the page's.
    if (made) return callback(new made(/** @type {any} */ (copy({ api_server_v3: undefined }, config))))
    var text = isChinese(config.lang) ? '网络错误，请重试' : 'Network failure, please try again'
    var why =
      own && !from ? 'gt.js cannot tell where it came from: give base' : 'the script of the captcha could not be loaded'
    fail(config, '111', why, text)
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
  var own = config.offline && ownScript(config.challenge)
  if (own) getOwn(from, own, begin)
  else if (config.getLib) proceed(config.getLib)
  else if (config.offline) proceed(fallback(config))
  else getType(config, proceed)
}
