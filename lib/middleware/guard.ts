import type { NextFunction, Request, Response } from 'express'
import type { Denial } from '../captcha'
import { GeetestError } from '../errors'
import { ownOptions } from '../rules'
import { whyUnread } from './body'
import { exposeHeaders } from './cross-origin'
import type { Flow } from './flow'
import { marks } from './marks'
import { originToName } from './own-page'
import type { Guard, GuardOptions, OnDeny } from './options'
import { resolveGuard } from './settings'

/** The name of the guard's function, by which it is known in a route. */
export const GUARD_NAME = 'geetestGuard'

/** What a guard knows of the plugin that it is of. */
export interface GuardPlace {
  readonly onDeny: OnDeny | undefined
  /** Whether visitors can have got a captcha of the plugin at all. */
  readonly hasRoutes: (req: Request) => boolean
}

/** The guard alone issues nothing. */
const NO_ROUTES = ' Nobody can have got one: the captcha is not mounted; write app.use(captcha) above this route.'

const toErrorHandler: OnDeny = (error, _req, _res, next) => next(error)

/** Turns a check of a request into a guard: through with the verdict on `req.geetest`, or denied. */
export function guardWith(
  { check, guards, origins }: Pick<Flow, 'check' | 'guards' | 'origins'>,
  given: GuardOptions,
  { onDeny = toErrorHandler, hasRoutes }: GuardPlace,
): Guard {
  refuseUncalled(given)
  const options = ownOptions(given)
  const settings = resolveGuard('validate', options, guards)
  const deny = options.onDeny ?? onDeny
  const explain = (code: Denial['code'], req: Request): string => {
    if (code === 'malformed') return whyUnread(req)
    if (code !== 'missing') return ''
    return whyUnread(req) + originToName(req, origins) + (hasRoutes(req) ? '' : NO_ROUTES)
  }
  function geetestGuard(req: Request, res: Response, next: NextFunction): void {
    if (typeof next !== 'function') throw notAHandler()
    check(req, settings)
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
        const error = errorOf(verdict, explain(verdict.code, req))
        if (!res.headersSent) res.set(error.headers)
        return deny(error, req, res, next)
      })
      // Express 4 does not look at promises: what is not caught here would end the process.
      .catch(next)
  }
  return geetestGuard as Guard
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
