/** @import { Loose } from './copy.js' */
import { bare } from './copy.js'

/**
 * An address that no cache has: WebKit answers requests for one address that are made at the same time with one answer, whatever that
 * says of caches, and a service worker may keep all it sees.
 *
 * @param {string} url
 */
export function unique(url) {
  return url + '?t=' + new Date().getTime() + Math.random()
}

/** Longest wait for the site's own server, in milliseconds: there is nobody else to ask. */
var LIMIT = 30000

/**
 * What the site's server issues; an empty object where it does not answer as it should.
 *
 * @param {string} base where the site has mounted express-geetest
 * @param {(issue: Loose) => void} done
 */
export function askSite(base, done) {
  var request = new XMLHttpRequest()
  request.open('GET', unique(base + 'getcaptcha'))
  // The scripts may come from another origin than the page, and so does the session's cookie then.
  request.withCredentials = true
  request.timeout = LIMIT
  request.onloadend = function () {
    var issue
    try {
      issue = JSON.parse(request.responseText)
      // oxlint-disable-next-line no-unused-vars -- ES5 knows no catch without a name
    } catch (noJson) {}
    done(bare(request.status === 200 && issue))
  }
  request.send()
}
