import type { RequestHandler, Response } from 'express'

/** What scripts of the pages of other origins may read of an answer beside its body. */
const READABLE = 'X-Geetest, X-Geetest-Left, Retry-After'

/** Lets pages of other origins read what this answer says beside its body, where they may read it at all. */
export function exposeHeaders(res: Response): void {
  if (res.hasHeader('Access-Control-Allow-Origin')) res.append('Access-Control-Expose-Headers', READABLE)
}

/**
 * Opens routes to the pages of those origins, with the session's cookie. What the app's own middleware has answered the browser
 * already is left as it is.
 *
 * @param origins such as `https://app.example.com`
 */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  return function geetestCrossOrigin(req, res, next) {
    const { origin } = req.headers
    // A time-out of the site's own may have answered already.
    if (origin === undefined || res.headersSent) return next()
    const isOpen = origins.includes(origin)
    if (isOpen && !res.hasHeader('Access-Control-Allow-Origin')) {
      res.setHeader('Access-Control-Allow-Origin', origin)
      res.setHeader('Access-Control-Allow-Credentials', 'true')
    }
    // The app's own middleware may have let the page in.
    exposeHeaders(res)
    if (!isOpen) return next()
    res.vary('Origin')
    // Asked before JSON is posted.
    if (req.method !== 'OPTIONS') return next()
    res.setHeader('Access-Control-Allow-Methods', 'GET, POST')
    res.setHeader('Access-Control-Allow-Headers', 'Content-Type')
    res.statusCode = 204
    res.end()
  }
}
