import type { NextFunction, Request, Response } from 'express'
import { BUDGET_DEFAULTS, type BudgetOptions } from '../budget'
import { DEFAULT_BYPASS, type BypassSettings } from '../bypass'
import { PASS_SECONDS, userIdForms, type Terms } from '../captcha'
import { clientTypes, type ClientType } from '../cloud'
import type { CoreSettings } from '../core'
import { downtimeNames, type DowntimeName, type DowntimeProvider } from '../downtime'
import type { GeetestError } from '../errors'
import type { GeetestEvent } from '../events'
import { callback, CLOUD_RULES, oneOf, refuseExposed, resolveCloud, wholeNumber, type CloudOptions } from '../options'
import { DEFAULT_API_SERVER, isApiServer, isOrigin } from '../origin'
import type { Order } from '../outage'
import { checkOptions, type Rules } from '../rules'
import type { TicketStore } from '../tickets'
import { memoryStore, refusePublished } from './boot'

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
  /**
   * What visitors are asked for while the cloud is down. Default `proof-of-work`: a bounded cost per attempt.
   * `failback`: the vendor's offline rule, which anyone can compute. `deny`: nobody passes. `allow`: everybody does, and
   * each is an event. Or a provider of your own.
   */
  readonly downtime?: DowntimeName | DowntimeProvider | undefined
  /** Limits by the minute while the cloud is down, see `BudgetOptions` for the defaults; `false`: none. */
  readonly budgets?: BudgetOptions | false | undefined
  /**
   * Looks at the vendor's status page too. Default `false`; `true`: every 10 seconds. `url`: default the vendor's, or the
   * private cloud's own. `interval`: milliseconds from 1000 to 600000.
   */
  readonly bypass?: boolean | Partial<BypassSettings> | undefined
  /** Where tickets and passes live. Default: a `MemoryStore`, which serves one process. */
  readonly store?: TicketStore | undefined
  /** Answers a denied request at every guard of this plugin. Default: `next(error)`. */
  readonly onDeny?: OnDeny | undefined
  /**
   * What the cloud is told as `user_id`. `hash` (default): a keyed hash of the label, by which the vendor can recognise a
   * visitor and nobody can find out who it is. `raw`: the label itself. `none`: nothing.
   */
  readonly sendUserId?: 'hash' | 'raw' | 'none' | undefined
  /** Whether the cloud is told the visitor's address. Default `true`. */
  readonly sendAddress?: boolean | undefined
  /**
   * Origins of other sites whose pages belong to this one and may spend its visitors' passes, such as
   * `https://app.example.com`. Default none: a pass is refused to cross-site requests. Answers need no such word.
   */
  readonly origins?: readonly string[] | undefined
  /** Told of every issue, verdict and change of the cloud's state. Gets no secret and nothing about the visitor. */
  readonly onEvent?: ((event: GeetestEvent) => void) | undefined
}

/** The options, decided. */
export interface PluginSettings extends CoreSettings {
  readonly origins: readonly string[]
}

/** Options of a guard, `captcha.validate(options)`. */
export interface GuardOptions {
  /**
   * Requests that one solved captcha opens this guard for: the first, and so many more without the three fields, so that a
   * mistyped password costs no new captcha. Default 1; from 1 to 10. Counted atomically; worth nothing in another session or
   * scene, at a guard without `uses`, and after `req.session.regenerate()`.
   */
  readonly uses?: number | undefined
  /** For how long after the solve, in seconds. Default 120; from 1 to 3600. A pass of POST /validate ends after 120 in any case. */
  readonly seconds?: number | undefined
  /** Answers a denied request at this guard. Default: the plugin's `onDeny`. */
  readonly onDeny?: OnDeny | undefined
  /**
   * What this guard makes of an outage. Default: it accepts whatever its scene asks for. The name of the scene's provider:
   * only answers that this provider judged, or the cloud. `deny`: only the cloud's. `allow`: while the cloud is down everybody passes
   * who sends no answer, and each is an event.
   */
  readonly downtime?: DowntimeName | (string & {}) | undefined
}

const hasMethods =
  (...names: string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')

const ON_DENY = callback('a function (error, req, res, next)')

const isWord =
  (shape: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && shape.test(value)

function isProvider(value: unknown): boolean {
  if (!hasMethods('issue', 'verify')(value)) return false
  const { name, script = 'none' } = value as { name?: unknown; script?: unknown }
  return isWord(/^(?!(online|deny|allow)$)[\w-]{1,32}$/)(name) && isWord(/^[a-z0-9-]{1,32}$/)(script)
}

const LIMIT = wholeNumber(1, 1_000_000, 'so many a minute, such as 300')
const BUDGET_RULES = Object.fromEntries(Object.keys(BUDGET_DEFAULTS).map((name) => [name, LIMIT]))
const BYPASS_RULES = {
  url: { allows: isApiServer, write: `an address with its scheme, such as ${DEFAULT_BYPASS}` },
  interval: wholeNumber(1000, 600_000, 'milliseconds, such as 10000'),
} satisfies Rules

/** An option that may be switched off or on, or be an object with rules of its own, which are checked separately. */
const isSwitchOrObject = (value: unknown): boolean =>
  typeof value === 'boolean' || (typeof value === 'object' && value !== null)

const RULES = {
  ...CLOUD_RULES,
  scene: {
    allows: isWord(/^[\w.-]{1,64}$/),
    write: 'letters, digits, ".", "_" and "-", at most 64 of them, such as login',
  },
  userId: callback('a function (req) that returns a label of the visitor'),
  clientType: callback(`a function (req) that returns one of ${clientTypes.join(', ')}`),
  downtime: {
    allows: (value) => downtimeNames.includes(value as DowntimeName) || isProvider(value),
    write: `${oneOf(downtimeNames, 'proof-of-work').write}, or a provider: an object of name, issue and verify`,
  },
  budgets: {
    allows: (value) => isSwitchOrObject(value) && value !== true,
    write: 'false, or an object of issues, totalIssues, failures and totalFailures, each by the minute',
  },
  bypass: { allows: isSwitchOrObject, write: 'true, false, or an object of url and interval' },
  store: { allows: hasMethods('put', 'take'), write: 'an object with put and take, such as new MemoryStore()' },
  sendUserId: oneOf(userIdForms, 'hash'),
  sendAddress: oneOf([true, false], 'true'),
  origins: {
    allows: (value) => Array.isArray(value) && value.every(isOrigin),
    write: 'an array of origins, each as a browser sends it, such as ["https://app.example.com"]',
  },
  onDeny: ON_DENY,
  onEvent: callback('a function (event)'),
} satisfies Rules

/** Checks everything once; throws `invalid_option` with the sentence that helps. */
export function resolveOptions(options: GeetestOptions, now: () => number): PluginSettings {
  const cloud = resolveCloud('geetest', options, RULES)
  const { scene = 'default', downtime = 'proof-of-work', budgets = {}, bypass = false } = options
  if (budgets) checkOptions('geetest: budgets', budgets, BUDGET_RULES)
  if (typeof bypass === 'object') checkOptions('geetest: bypass', bypass, BYPASS_RULES)
  const looks = resolveBypass(bypass, cloud.apiServer)
  if (looks) refuseExposed('geetest: bypass', 'url', looks.url, cloud.allowInsecure)
  refusePublished(cloud)
  const { sendUserId = 'hash', sendAddress = true, origins = [] } = options
  const store = options.store ?? memoryStore(now)
  return { ...cloud, scene, downtime, budgets, bypass: looks, store, sendUserId, sendAddress, origins }
}

function resolveBypass(bypass: boolean | Partial<BypassSettings>, apiServer: string): BypassSettings | false {
  if (bypass === false) return false
  const own = apiServer === DEFAULT_API_SERVER ? DEFAULT_BYPASS : `${apiServer}/v1/bypass_status.php`
  const { url = own, interval = 10_000 } = bypass === true ? {} : bypass
  return { url, interval }
}

/** @param provider the name of what this scene asks for in an outage */
export function resolveGuard(options: GuardOptions, provider: string): Terms {
  checkOptions('captcha.validate', options, {
    uses: wholeNumber(1, 10, 'requests, such as 3'),
    seconds: wholeNumber(1, 3600, 'seconds, such as 300'),
    onDeny: ON_DENY,
    downtime: oneOf([...new Set(['deny', 'allow', provider])], 'whatever the scene asks for'),
  })
  const { uses = 1, seconds = PASS_SECONDS, downtime } = options
  return { uses, seconds, downtime }
}

export function checkOrder(order: Order | undefined): void {
  if (order === undefined) return
  checkOptions('captcha.force', order, {
    mode: { ...oneOf(['up', 'down'], 'neither'), required: true },
    reason: {
      allows: isWord(/^(?=.*\S).{1,200}$/),
      write: 'why, in words, for those who read the status later',
      required: true,
    },
    seconds: { ...wholeNumber(1, 86_400, 'seconds, such as 600'), required: true },
  })
}
