// The captcha on a page: ask the site for a challenge, draw the widget, draw a fresh one when that challenge is used up.

/**
 * What GET /getcaptcha answers.
 *
 * @typedef {object} Registration
 * @property {0 | 1} success
 * @property {string} gt
 * @property {string} challenge
 * @property {boolean} new_captcha
 * @property {string} [api_server]
 * @property {string} [protocol]
 */

/**
 * @param {string} method
 * @param {string} url
 * @param {object | null} body sent as JSON
 * @param {(status: number, answer: any) => void} done status 0 where no answer came
 */
function request(method, url, body, done) {
  var xhr = new XMLHttpRequest()
  xhr.open(method, url)
  xhr.setRequestHeader('Accept', 'application/json')
  if (body) xhr.setRequestHeader('Content-Type', 'application/json')
  xhr.onloadend = function () {
    var answer = {}
    try {
      answer = JSON.parse(xhr.responseText)
      // oxlint-disable-next-line no-unused-vars -- ES5 knows no catch without a name
    } catch (notJson) {
      // A proxy's error page, or nothing at all: the status says enough.
    }
    done(xhr.status, answer)
  }
  xhr.send(body && JSON.stringify(body))
}

/** @param {Registration} registration */
function showMode(registration) {
  var local = /^(localhost|127\.|\[::1\])/.test(registration.api_server || '')
  /** @type {keyof typeof words.text.modes} */
  var mode = !registration.success ? 'downtime' : local ? 'simulator' : 'cloud'
  words.showMode(mode)
}

/**
 * What `initGeetest` is told. Keys that the server left out stay out: the vendor's own loader would take them as empty.
 *
 * @param {Registration} registration
 * @param {string} product
 * @param {() => void} onError
 */
function configure(registration, product, onError) {
  /** @type {import('../../public/gt').GeetestConfig} */
  var config = {
    gt: registration.gt,
    challenge: registration.challenge,
    offline: !registration.success,
    new_captcha: registration.new_captcha,
    product: product,
    lang: words.lang === 'zh' ? 'zh-cn' : 'en',
    width: '100%',
    onError: onError,
  }
  if (registration.api_server) config.api_server = registration.api_server
  if (registration.protocol) config.protocol = registration.protocol
  return config
}

/** A script that did not come stays away until the page is loaded again. */
function reload() {
  location.reload()
}

/**
 * A place on the page that always holds a captcha. Challenges are good for one answer: `renew` asks for another.
 *
 * @param {HTMLElement} holder
 * @param {string} product
 * @param {{ loading: () => void, ready: () => void, solved: () => void, closed: () => void,
 *   failed: (retry: () => void) => void }} hooks
 */
// oxlint-disable-next-line no-unused-vars -- login.js calls it
function createPlace(holder, product, hooks) {
  /** @type {import('../../public/gt').CaptchaObj | null} */
  var captcha = null
  var round = 0

  function renew() {
    var mine = ++round
    if (captcha) captcha.destroy()
    captcha = null
    hooks.loading()
    // WebKit gives requests for one address that are under way at once one answer, whatever its headers say.
    request('GET', '/getcaptcha?t=' + Math.random(), null, function (status, registration) {
      if (mine !== round) return
      if (status !== 200) return hooks.failed(renew)
      showMode(registration)
      var config = configure(registration, product, function () {
        if (mine === round) hooks.failed(reload)
      })
      window.initGeetest(config, function (made) {
        if (mine === round) draw(made)
        else made.destroy()
      })
    })
  }

  /** @param {import('../../public/gt').CaptchaObj} made */
  function draw(made) {
    captcha = made
    made.onReady(hooks.ready).onSuccess(hooks.solved).onClose(hooks.closed)
    made.onError(function () {
      hooks.failed(renew)
    })
    made.appendTo(holder)
  }

  return {
    renew: renew,

    /**
     * Opens the check as a visitor would, by its bar: the vendor's `show()` is for a check that was open already. The site's own captcha
     * of an outage may have none.
     */
    show: function () {
      /** @type {HTMLElement | null} */
      var bar = holder.querySelector('.geetest_radar_tip')
      if (bar) bar.click()
      else if (captcha) captcha.show()
    },

    /** The three fields; false, undefined or null where there are none. */
    answer: function () {
      return captcha ? captcha.getValidate() : false
    },
  }
}
