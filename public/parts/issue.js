/** @import { Loose } from './copy.js' */
import { bare } from './copy.js'

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
  request.open('GET', base + 'getcaptcha')
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
