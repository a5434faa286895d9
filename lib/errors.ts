import { inspect } from 'node:util'
import { isNativeError } from 'node:util/types'

/**
 * Why an answer was not accepted: one closed union, stable across releases. Wording may improve, codes do not.
 * `status` is what a guarded route answers with.
 */
const REASONS = {
  missing: { status: 403, message: 'The captcha was not solved: the request carries neither an answer nor a pass.' },
  malformed: { status: 400, message: 'The captcha fields are not what a captcha sends.' },
  unknown_challenge: { status: 403, message: 'This captcha was not issued here. Load a new one.' },
  expired: { status: 403, message: 'The captcha is too old. Load a new one.' },
  replayed: { status: 403, message: 'This captcha was used already. Load a new one.' },
  session_mismatch: { status: 403, message: 'This captcha was issued to another session. Load a new one.' },
  scene_mismatch: { status: 403, message: 'This captcha was issued for another form. Load a new one.' },
  bad_signature: { status: 403, message: 'The captcha answer does not belong to its challenge.' },
  rejected: { status: 403, message: 'The captcha service refused this answer. Try again.' },
  unavailable: {
    status: 503,
    message: 'The captcha service cannot be reached. Send the same answer again in a moment.',
  },
  downtime_denied: { status: 403, message: 'The captcha service is down, and this form is closed until it is back.' },
  downtime_unsolved: { status: 403, message: 'The answer to the downtime captcha is not right. Load a new one.' },
  origin_unknown: {
    status: 403,
    message:
      'The request carries no captcha answer, and the browser does not say which page it comes from, so that no earlier one counts. Solve the captcha.',
  },
  store_error: { status: 503, message: 'The captcha record cannot be read or written. Try again in a moment.' },
} as const

/** Why an answer was not accepted. */
export type Reason = keyof typeof REASONS

/** Mistakes of the person who sets the plugin up, never of a visitor. */
export type SetupCode = 'invalid_option' | 'session_missing' | 'guard_not_called' | 'asset_missing' | 'trust_proxy'

/** Every `code` that a `GeetestError` can carry. */
export type ErrorCode = Reason | SetupCode

/** All reasons, for tables and metrics. */
export const reasons = Object.keys(REASONS) as Reason[]

/** What requests meet alone, so that anybody can cause it as often as they like where the set-up is wrong. */
const MET_BY_REQUESTS: ReadonlySet<ErrorCode> = new Set(['session_missing', 'trust_proxy'])

/**
 * The one error class of this package. Branch on `code`; show `message` to people where `isReason(code)`: the others are for whoever set
 * the plugin up.
 *
 * `status` (also as `statusCode`) and `headers` are honoured by the error handler of Express itself: 400, 403 or 503 for
 * a reason, 429 where a downtime budget is used up or too many ask at once, 500 for a setup mistake. No error ever carries the private key, a validate or a seccode.
 *
 * What a visitor can cause has one line for a stack: a log of denials stays short, and no page shows where this package lies.
 *
 * `instanceof` goes by the rule of `is`: an error of another copy of this package is a `GeetestError` too.
 */
export class GeetestError extends Error {
  override readonly name = 'GeetestError'
  readonly code: ErrorCode
  readonly status: number
  readonly statusCode: number
  /** What Express's own error handler sends along: `Retry-After`, where the visitor should wait. */
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode, message: string, status: number, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.headers = headers
    this.code = code
    this.status = status
    this.statusCode = status
    if (isReason(code) || MET_BY_REQUESTS.has(code)) withoutStack(this)
  }

  /** Whether `error` is ours, also where two copies of this package are installed. */
  static is(error: unknown): error is GeetestError {
    return isError(error) && error.name === 'GeetestError' && 'code' in error
  }

  /** As `is`; a class that extends this one goes by what extends it. */
  static override [Symbol.hasInstance](error: unknown): error is GeetestError {
    return this === GeetestError ? GeetestError.is(error) : Function.prototype[Symbol.hasInstance].call(this, error)
  }

  /**
   * The error of a reason, with its words for people.
   * @param retryAfter seconds to wait, where a downtime budget is used up or too many ask at once: the status is 429 then
   */
  static because(reason: Reason, retryAfter?: number): GeetestError {
    const { status, message } = REASONS[reason]
    if (retryAfter === undefined) return new GeetestError(reason, message, status)
    const busy = 'Too many try at once. Wait a moment.'
    return new GeetestError(reason, busy, 429, { 'Retry-After': String(retryAfter) })
  }

  /** A mistake in how the plugin was set up; `message` says what to write. */
  static setup(code: SetupCode, message: string): GeetestError {
    return new GeetestError(code, `express-geetest: ${message}`, 500)
  }
}

/** Whether a `code` is a reason, whose `message` is for visitors, and not a mistake of the set-up, which is none of their business. */
export const isReason = (code: unknown): code is Reason => typeof code === 'string' && Object.hasOwn(REASONS, code)

/**
 * Leaves one line of an error's stack, and of what `console.error` writes of it: where requests meet it, anybody can fill a log with it, and
 * the rest says nothing.
 */
export function withoutStack<E extends GeetestError>(error: E): E {
  const value = `${error.name} [${error.code}]: ${error.message}`
  const hidden = { writable: true, configurable: true }
  Object.defineProperty(error, inspect.custom, { value: () => error.stack, ...hidden })
  return Object.defineProperty(error, 'stack', { value, ...hidden })
}

/** Of another realm too, as test runners make them. */
const isError = (value: unknown): value is Error => value instanceof Error || isNativeError(value)
