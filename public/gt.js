// The loader: `window.initGeetest(config, callback)`, for pages written for the vendor's gt.js. Bundled into an IIFE.
/** @import { GeetestConfig, InitGeetest } from './gt' */
/** @import { Loose } from './parts/copy.js' */
import { isChinese, makeError } from './parts/errors.js'
import { bare, copy } from './parts/copy.js'
import { base, getLibrary, getOwn, isLost, ownScript, pageProtocol, takeOnline, termsOf } from './parts/library.js'
import { HEDGE, inTurn, jsonp, makeUrl } from './parts/net.js'

var API_SERVER = 'api.geetest.com'
/** Hosts of the vendor's interface: they serve no scripts, so nothing is gained by asking them in an outage. */
var VENDOR_API = /\.gee(test|visit)\.com/

/** What a page is told that keeps gt.js where the site's own scripts are not beside it. */
var LOST = 'gt.js cannot tell where it came from: give base'

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
function fallbacks(config) {
  var servers = apiServers(config)
    .filter(function (host) {
      return !VENDOR_API.test(host)
    })
    .concat('static.geetest.com', 'dn-staticdown.qbox.me')
  return {
    slide: { static_servers: servers, type: 'slide', slide: '/static/js/geetest.0.0.0.js' },
    fullpage: { static_servers: servers, type: 'fullpage', fullpage: '/static/js/fullpage.0.0.0.js' },
  }
}

/** @param {Loose} config */
function fallback(config) {
  var known = bare(config.fallback_config)
  return known[config.type] || known[config.new_captcha ? 'fullpage' : 'slide']
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
    termsOf(config, HEDGE),
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
  )
}

/**
 * @param {Loose} config
 * @param {string} number
 * @param {string} msg
 * @param {string} [text]
 * @param {boolean} [slow]
 */
function fail(config, number, msg, text, slow) {
  var error = makeError(config.lang, number, msg, text)
  if (slow) error.slow = true
  if (typeof config.onError !== 'function') throw new Error(error.error_code + ': ' + msg)
  config.onError(error)
}

/** @type {InitGeetest} */
function init(userConfig, callback) {
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
  if (isLost(config)) return fail(config, '111', LOST)
  window.GeeGT = config.gt
  window.GeeChallenge = config.challenge

  /**
   * Begins anew with another challenge, for a captcha of an outage that starts over.
   *
   * @param {Loose} issue
   * @param {(captcha: any) => void} done
   * @param {(error: any) => void} failed
   */
  function again(issue, done, failed) {
    init(
      /** @type {any} */ (copy(copy(copy({}, userConfig), issue), { offline: !issue.success, onError: failed })),
      done,
    )
  }

  /**
   * @param {Constructor} [made]
   * @param {boolean} [slow]
   */
  function begin(made, slow) {
    if (made) {
      // The widget looks for this one first: it must not find what is no option of the page's.
      var options = /** @type {any} */ (copy({ api_server_v3: undefined }, config))
      if (!config.offline || !from) return callback(new made(options))
      return getOwn(from, 'gt-offline', function (Own) {
        // Made in the turn in which the page gets it: the vendor's says only once that it is ready, and keeps nothing for handlers that come late.
        var captcha = new /** @type {Constructor} */ (made)(options)
        callback(Own && Own.stand ? Own.stand(captcha, from, config.lang, again) : captcha)
      })
    }
    var words = isChinese(config.lang)
      ? ['网络错误', '网络太慢', '，请重试']
      : ['Network failure', 'The network is slow', ', please try again']
    var why = slow ? 'did not arrive in time' : 'could not be loaded'
    fail(config, '111', 'the script of the captcha ' + why, words[slow ? 1 : 0] + words[2], slow)
  }

  /** @param {Loose} [type] */
  function proceed(type) {
    copy(config, type)
    var urls = (config.static_servers || config.domains || []).map(function (/** @type {string} */ host) {
      return makeUrl(config.protocol, host, scriptPath(config))
    })
    getLibrary(config.type, urls, config, takeOnline, begin)
  }

  copy(config, config.getType)
  // The vendor's widgets look for it there.
  if (!config.fallback_config) config.fallback_config = fallbacks(config)
  var own = config.offline && ownScript(config.challenge)
  if (own) getOwn(from, own, begin)
  else if (config.getLib) proceed(config.getLib)
  else if (config.offline) proceed(fallback(config))
  else getType(config, proceed)
}

window.initGeetest = init
