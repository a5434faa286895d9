// The loader of version 4: `window.initGeetest4(config, callback)`, for pages written for the vendor's gt4.js. Bundled into
// an IIFE.
/** @import { GeetestError4, InitGeetest4 } from './gt4' */
/** @import { Loose } from './parts/copy.js' */
import { camelize } from './parts/camel.js'
import { bare, copy } from './parts/copy.js'
import { base, getLibrary, isLost, pageProtocol, termsOf } from './parts/library.js'
import { globalFunction } from './parts/own.js'
import { HEDGE, inTurn, jsonp, makeUrl } from './parts/net.js'

/** @typedef {(captcha: any) => void} Done */
/** @typedef {(error: GeetestError4) => void} Failed */

var API_SERVERS = ['gcaptcha4.geetest.com', 'gcaptcha4.geevisit.com', 'gcaptcha4.gsensebot.com']
var STATIC_SERVERS = ['static.geetest.com', 'static.geevisit.com', 'dn-staticdown.qbox.me']

/** Names a visit; nothing depends on its being a secret. */
function uuid() {
  return 'xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx'.replace(/x/g, function () {
    return ((Math.random() * 16) | 0).toString(16)
  })
}

/**
 * @param {string} code
 * @param {string} detail
 * @param {boolean} [slow]
 * @returns {GeetestError4}
 */
function networkError(code, detail, slow) {
  /** @type {GeetestError4} */
  var error = { code: code, msg: slow ? 'The network is slow' : 'Network failure', desc: { detail: detail } }
  if (slow) error.slow = true
  return error
}

/**
 * The page is made wrongly: who reads it is who makes it, so the words for people say it too.
 *
 * @param {string} code
 * @param {string} detail
 * @returns {GeetestError4}
 */
function configError(code, detail) {
  return { code: code, msg: 'Configuration error: ' + detail, desc: { detail: detail } }
}

/**
 * Asks the cloud for a captcha.
 *
 * @param {Loose} config
 * @param {(reply?: any, slow?: boolean) => void} done
 */
function load(config, done) {
  var query = copy(
    {},
    {
      captcha_id: config.captchaId,
      challenge: config.challenge || uuid(),
      client_type: config.clientType || (/Mobi/i.test(navigator.userAgent) ? 'h5' : 'web'),
      risk_type: config.riskType,
      user_info: config.userInfo,
      call_type: config.callType,
      lang: config.language || navigator.language.toLowerCase(),
    },
  )
  inTurn(
    config.apiServers,
    termsOf(config, HEDGE),
    function (host, answered) {
      jsonp(makeUrl(config.protocol, host, config.typePath, query), answered)
    },
    done,
  )
}

/**
 * @param {Loose} config
 * @param {Loose} data what the cloud has answered
 * @param {Done} done
 * @param {Failed} failed
 */
function loadWidget(config, data, done, failed) {
  copy(data, config.debug)
  // The page's own servers come before those that the cloud names.
  var servers = config.staticServers || data.staticServers || STATIC_SERVERS

  /**
   * @param {string} path
   * @param {(arrived: boolean) => any} take
   * @param {(made: any, slow?: boolean) => void} then
   */
  function get(path, take, then) {
    var urls = servers.map(function (/** @type {string} */ host) {
      return makeUrl(config.protocol, host, path)
    })
    getLibrary(path, urls, config, take, then)
  }

  if (data.gctPath) {
    get(data.gctPath, Boolean, function (arrived, slow) {
      if (!arrived) failed(networkError('60205', 'gct resource load timeout', slow))
    })
  }
  get(
    data.bypass || data.staticPath + data.js,
    // A login page of some network answers 200 too: only the constructor proves that the script came.
    function () {
      return globalFunction('Geetest4')
    },
    function (Made, slow) {
      // What the cloud says comes before what the page says: a site sets there how its captcha looks.
      if (Made) done(new Made(copy(copy({ staticServers: servers }, config), data)))
      else failed(networkError('60204', 'js resource load timeout', slow))
    },
  )
}

/**
 * Gets a part of this loader that few pages need, from the site itself. It leaves no global behind.
 *
 * @param {Loose} config
 * @param {string} name of the script
 * @param {string} global what it defines
 * @param {(part: any, slow?: boolean) => void} then
 */
function getPart(config, name, global, then) {
  function take() {
    var globals = /** @type {any} */ (window)
    var part = globalFunction(global)
    delete globals[global]
    return part
  }
  var from = config.base || base
  getLibrary(from + name, from ? [from + name + '.js'] : [], null, take, then)
}

/**
 * No host of the cloud has answered. What happens then comes from the site itself, and only where it is needed.
 *
 * @param {Loose} config
 * @param {Done} done
 * @param {Failed} failed
 * @param {boolean} [slow] whether time ran out
 */
function goOffline(config, done, failed, slow) {
  getPart(config, 'gt4-offline', 'geetestOffline4', function (offline, late) {
    if (offline) offline(config, start, done, failed, slow)
    else failed(networkError('60100', 'load request timeout', slow || late))
  })
}

/**
 * @param {Loose} config
 * @param {Done} done
 * @param {Failed} failed
 */
function start(config, done, failed) {
  // The site's server has seen the outage already: there is nobody to wait for.
  if (config.issue && !config.issue.success) return goOffline(config, done, failed)
  load(config, function (reply, slow) {
    if (!reply) {
      if (typeof config.offlineCb === 'function') config.offlineCb(networkError('60100', 'load request timeout', slow))
      else goOffline(config, done, failed, slow)
      return
    }
    var data = bare(camelize(reply.status === 'success' ? reply.data : reply))
    if (data.status === 'error') failed({ code: data.code, msg: data.msg, desc: data.desc })
    else loadWidget(config, data, done, failed)
  })
}

/** @type {InitGeetest4} */
function init(userConfig, callback) {
  var config = copy(bare({ apiServers: API_SERVERS, typePath: '/load', protocol: pageProtocol() }), bare(userConfig))
  copy(config, config.getType)
  if (config.https) config.protocol = 'https://'

  /** @type {Failed} */
  function failed(error) {
    if (typeof config.onError !== 'function') throw new Error(error.code + ': ' + error.msg)
    config.onError(error)
  }

  if (isLost(config)) return failed(configError('60204', 'gt4.js cannot tell where it came from: give base'))
  if (config.captchaId) return start(config, callback, failed)
  // The form helper says everything by the names of version 3.
  if (!config.gt) return failed(configError('60001', 'captchaId is missing'))
  getPart(config, 'gt4-form', 'geetestForm4', function (form, slow) {
    if (form) form(userConfig, callback, init)
    else failed(networkError('60204', 'js resource load timeout', slow))
  })
}

window.initGeetest4 = init
