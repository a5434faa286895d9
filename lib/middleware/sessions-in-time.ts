import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { GeetestError } from '../errors'
import { later } from '../later'
import { wholeNumber } from '../options'
import { checkOptions, ownOptions } from '../rules'
import { withoutArguments } from '../store-call'
import { createTrouble, inOneLine, warn, type Trouble } from '../trouble'

/** Options of `sessionsInTime`. */
export interface SessionsInTimeOptions {
  /** Milliseconds that the session's store has for each question. Default 1000; from 50 to 30000. */
  readonly timeout?: number | undefined
}

type Done = (error?: unknown, ...found: unknown[]) => void
type Method = (...args: unknown[]) => unknown

/**
 * Session middleware whose store has a deadline: a store that hangs or fails is 503 `store_error`, as this package's own store is, and
 * keeps no request waiting. Write `app.use(sessionsInTime(session({ … })))`.
 *
 * express-session waits for its store as long as that takes, before a request and before the last byte of its answer, and gives the
 * store's own errors to your error handler, also when the answer is on its way. Here those are told as a warning of the process
 * (`GEETEST_SESSION_STORE`), one when the trouble begins and one when it has ended.
 *
 * @param sessions express-session, or middleware that leaves its store on `req.sessionStore`, too
 * @throws GeetestError `invalid_option`
 */
export function sessionsInTime(sessions: RequestHandler, options: SessionsInTimeOptions = {}): RequestHandler {
  if (typeof sessions !== 'function') {
    throw GeetestError.setup(
      'invalid_option',
      'sessionsInTime(sessions) got no middleware; write sessionsInTime(session({ … }))',
    )
  }
  checkOptions('sessionsInTime', options, { timeout: wholeNumber(50, 30_000, 'milliseconds, such as 1000') })
  const { timeout = 1000 } = ownOptions(options)
  const late = (): Error => new Error(`no answer within ${timeout} ms`)
  const trouble = createTrouble({
    now: () => performance.now(),
    began: (cause) => warn('GEETEST_SESSION_STORE', `the session store fails (${cause}): visitors get 503`),
    ended: (seconds) => warn('GEETEST_SESSION_STORE', `the session store works again, after ${seconds} s`),
  })
  const bounded = new WeakSet<object>()

  return function geetestSessions(req: Request, res: Response, next: NextFunction): void {
    let waiting = true

    /** Called once before the request, and again with what could not be saved behind its answer. */
    function go(error?: unknown): void {
      const first = waiting
      waiting = false
      cancel()
      if (error !== undefined && error !== null) {
        trouble.failed(causeOf(error))
        if (first) next(asStoreError(error))
      } else if (first) next()
    }

    const cancel = later(timeout, () => waiting && go(late()))
    sessions(req, res, go)
    const { sessionStore: store } = req as { sessionStore?: object }
    if (store !== undefined && !bounded.has(store)) {
      bounded.add(store)
      bound(store, timeout, late, trouble)
    }
  }
}

const METHODS = ['get', 'set', 'touch', 'destroy']

/** Gives each question of a store a deadline, for whoever asks it. */
function bound(store: object, timeout: number, late: () => Error, trouble: Trouble): void {
  const methods = store as Record<string, Method | undefined>
  for (const name of METHODS) {
    const method = methods[name]
    if (typeof method !== 'function') continue
    methods[name] = (...args) => {
      const done = args.at(-1)
      if (typeof done !== 'function') return method.apply(store, args)
      let waiting = true
      const settle: Done = (error, ...found) => {
        if (!waiting) return
        waiting = false
        cancel()
        const isFailure = Boolean(error) && (error as { code?: unknown }).code !== 'ENOENT'
        // The first argument is a session's id, which Redis quotes where it does not know a command; who has it is its visitor.
        if (isFailure) trouble.failed(causeOf(error, [String(args[0])]))
        else trouble.worked()
        ;(done as Done)(isFailure ? asStoreError(error) : error, ...found)
      }
      const cancel = later(timeout, () => settle(late()))
      return method.apply(store, [...args.slice(0, -1), settle])
    }
  }
}

/** Why, by what was thrown first: an error of ours stands for one that was told of already. */
const causeOf = (error: unknown, hide: readonly string[] = []): string =>
  inOneLine(GeetestError.is(error) ? error.code : withoutArguments(error, hide))

const asStoreError = (error: unknown): GeetestError =>
  GeetestError.is(error) && error.code === 'store_error' ? error : GeetestError.because('store_error')
