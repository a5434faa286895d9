import type { RequestHandler } from 'express'
import type { Denial } from '../captcha'
import { GeetestError } from '../errors'
import { ownOptions } from '../rules'
import { exposeHeaders } from './cross-origin'
import type { Flow } from './flow'
import { marks } from './marks'
import { originToName } from './own-page'
import type { GuardOptions, OnDeny } from './options'
import { resolveGuard } from './settings'

/** The name of the guard's function, by which it is known in a route. */
export const GUARD_NAME = 'geetestGuard'

const toErrorHandler: OnDeny = (error, _req, _res, next) => next(error)

/** Turns a check of a request into a guard: through with the verdict on `req.geetest`, or denied. */
export function guardWith(
  { check, provider, origins }: Pick<Flow, 'check' | 'provider' | 'origins'>,
  given: GuardOptions,
  onDeny: OnDeny = toErrorHandler,
): RequestHandler {
  refuseUncalled(given)
  const options = ownOptions(given)
  const terms = resolveGuard(options, provider)
  const deny = options.onDeny ?? onDeny
  return function geetestGuard(req, res, next) {
    if (typeof next !== 'function') throw notAHandler()
    check(req, terms)
      .then((verdict) => {
        if (verdict.ok) {
          req.geetest = verdict
          marks.passed(req)
          // The page's script keeps its captcha where another attempt needs none.
          if (verdict.left !== undefined && !res.headersSent) {
            exposeHeaders(res)
            res.setHeader('X-Geetest-Left', String(verdict.left))
          }
          return next()
        }
        const error = errorOf(verdict, verdict.code === 'missing' ? originToName(req, origins) : '')
        if (!res.headersSent) res.set(error.headers)
        return deny(error, req, res, next)
      })
      // Express 4 does not look at promises: what is not caught here would end the process.
      .catch(next)
  }
}

/** @param more what only this request explains */
function errorOf({ code, retryAfter }: Denial, more: string): GeetestError {
  const error = GeetestError.because(code, retryAfter)
  return more === '' ? error : new GeetestError(code, error.message + more, error.status, error.headers)
}

/** `captcha.validate()()` gives nothing that Express could call. */
const notAHandler = (): GeetestError =>
  GeetestError.setup(
    'guard_not_called',
    "captcha.validate() was called twice; write app.post('/login', captcha.validate(), login)",
  )

/** `app.post('/login', captcha.validate, login)` hands the guard's factory a request; unnoticed, that would hang it. */
function refuseUncalled(options: unknown): void {
  if (typeof options !== 'object' || options === null || !('method' in options) || !('url' in options)) return
  throw GeetestError.setup(
    'guard_not_called',
    "captcha.validate was given to a route without its call; write app.post('/login', captcha.validate(), login)",
  )
}
