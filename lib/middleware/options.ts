import type { NextFunction, Request, Response } from 'express'
import { clientTypes, type ClientType } from '../cloud'
import type { DowntimeProvider } from '../downtime/provider'
import type { GeetestError } from '../errors'
import type { GeetestEvent } from '../events'
import { callback, CLOUD_RULES, oneOf, resolveCloud, type CloudOptions, type CloudSettings } from '../options'
import { checkOptions, type Rules } from '../rules'
import type { TicketStore } from '../tickets'

/** Answers a visitor who did not pass, instead of `next(error)`. */
export type OnDeny = (error: GeetestError, req: Request, res: Response, next: NextFunction) => void

/** Options of `geetest`. */
export interface GeetestOptions extends CloudOptions {
  /**
   * What the captcha guards, when one app has several: `login`, `comment`. A challenge or pass of one scene is worth
   * nothing in another. Default `default`; letters, digits, `.`, `_` and `-`, at most 64.
   */
  readonly scene?: string | undefined
  /**
   * A label of the visitor for the vendor's analysis, sent as `user_id`. Default: random, kept in the session. Nobody's
   * name or address belongs here; a hash of an account number does.
   */
  readonly userId?: ((req: Request) => string | number | undefined) | undefined
  /** What the visitor uses: `web`, `h5`, `native` or `unknown`. Default: `h5` for a phone's user agent, else `web`. */
  readonly clientType?: ((req: Request) => ClientType) | undefined
  /** What visitors are asked for while the cloud is down. Default `failback`, the vendor's offline rule; or your own. */
  readonly downtime?: 'failback' | DowntimeProvider | undefined
  /** Where tickets and passes live. Default: a `MemoryStore`, which serves one process. */
  readonly store?: TicketStore | undefined
  /** Answers a denied request at every guard of this plugin. Default: `next(error)`. */
  readonly onDeny?: OnDeny | undefined
  /** Told of every issue, verdict and change of the cloud's state. Gets no secret and nothing about the visitor. */
  readonly onEvent?: ((event: GeetestEvent) => void) | undefined
}

/** Options of a guard, `captcha.validate(options)`. */
export interface GuardOptions {
  /** Answers a denied request at this guard. Default: the plugin's `onDeny`. */
  readonly onDeny?: OnDeny | undefined
}

const hasMethods =
  (...names: string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')

const ON_DENY = callback('a function (error, req, res, next)')

const isProvider = (value: unknown): boolean =>
  hasMethods('issue', 'verify')(value) && /^(?!online$)[\w-]{1,32}$/.test(String((value as { name?: unknown }).name))

const RULES = {
  ...CLOUD_RULES,
  scene: {
    allows: (value) => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value),
    write: 'letters, digits, ".", "_" and "-", at most 64 of them, such as login',
  },
  userId: callback('a function (req) that returns a label of the visitor'),
  clientType: callback(`a function (req) that returns one of ${clientTypes.join(', ')}`),
  downtime: {
    allows: (value) => value === 'failback' || isProvider(value),
    write: `${oneOf(['failback'], 'failback').write}, or a provider: an object of name, issue and verify`,
  },
  store: { allows: hasMethods('put', 'take'), write: 'an object with put and take, such as new MemoryStore()' },
  onDeny: ON_DENY,
  onEvent: callback('a function (event)'),
} satisfies Rules

/** Checks everything once; throws `invalid_option` with the sentence that helps. */
export function resolveOptions(options: GeetestOptions): CloudSettings {
  return resolveCloud('geetest', options, RULES)
}

export function checkGuardOptions(options: GuardOptions): void {
  checkOptions('captcha.validate', options, { onDeny: ON_DENY })
}
