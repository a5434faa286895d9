import { isChinese, makeError } from './errors.js'
import { askSite } from './issue.js'

/**
 * A captcha of an outage, ours or the vendor's, that starts over with a fresh challenge: each is good for one answer, and neither knows
 * where there is another. The page keeps one object; behind it another captcha takes the place of the one that is spent, the cloud's
 * own where the outage is over by then.
 *
 * @param {any} captcha
 * @param {string} base where the site has mounted express-geetest
 * @param {string | undefined} lang
 * @param {(issue: any, done: (captcha: any) => void, failed: (error: any) => void) => void} begin makes a captcha of what was issued
 * @returns {any}
 */
export function stand(captcha, base, lang, begin) {
  var self = /** @type {any} */ ({})
  /** @type {Array<[string, any]>} what the page has said that holds for all of them */
  var told = []
  var offline = true
  var spent = false
  var renewing = false
  var gone = false
  var wanted = ''

  /** @param {[string, any]} one */
  function tell(one) {
    // Who has been told once that the visitor can start is not told again.
    if (captcha[one[0]] && one[0] !== 'onReady') captcha[one[0]](one[1])
  }

  /** @param {any} next */
  function replace(next) {
    spent = renewing = false
    if (gone) return next.destroy()
    captcha.destroy()
    captcha = next
    told.forEach(tell)
    if (wanted) {
      next.onReady(function () {
        if (wanted) next[wanted]()
        wanted = ''
      })
    }
  }

  /** @param {any} error */
  function failed(error) {
    renewing = false
    wanted = ''
    var heard = told.filter(function (one) {
      return one[0] === 'onError'
    })
    if (!heard.length && !gone) console.error(error)
    heard.forEach(function (one) {
      if (!gone) one[1](error)
    })
  }

  function renew() {
    if (renewing || gone) return
    renewing = true
    askSite(base, function (issue) {
      if (!issue.challenge) {
        var text = isChinese(lang) ? '网络错误，请重试' : 'Network failure, please try again'
        return failed(makeError(lang, '109', 'no fresh challenge came from ' + base + 'getcaptcha', text))
      }
      begin(
        issue,
        function (next) {
          offline = !issue.success
          replace(next)
        },
        failed,
      )
    })
  }

  function reset() {
    spent = spent || (offline && !!captcha.getValidate())
    if (!renewing) captcha.reset()
    if (spent) renew()
    return self
  }

  /**
   * @param {string} name
   * @param {Function} handler
   */
  function wrap(name, handler) {
    return function (/** @type {any} */ value) {
      // Too old to be answered.
      if (offline && name === 'onError' && value && value.code === 'error_21') spent = true
      // What is spent may be solved once more, where no other came: no server takes it.
      if (name === 'onSuccess' && spent) renew()
      else handler.call(self, value)
    }
  }

  /** @param {string} name */
  function add(name) {
    self[name] = function (/** @type {any} */ argument) {
      var value = typeof argument === 'function' && /^on[A-Z]/.test(name) ? wrap(name, argument) : argument
      if (/^(on[A-Z]|append|bind|setInfos|validate)/.test(name)) told.push([name, value])
      if (/^(verify|show|hide)$/.test(name) && renewing) {
        wanted = name === 'hide' ? '' : name
        return self
      }
      if (!captcha[name]) return self
      var result = captcha[name](value)
      return result === captcha ? self : result
    }
  }

  for (var name in captcha) {
    if (typeof captcha[name] === 'function') add(name)
    else self[name] = captcha[name]
  }
  self.reset = reset
  if (captcha.refresh) self.refresh = reset
  self.getValidate = function () {
    return !spent && captcha.getValidate()
  }
  self.destroy = function () {
    gone = true
    return captcha.destroy() && self
  }
  return self
}
