import { BUDGET_DEFAULTS } from '../fairness/budget'
import { DEFAULT_BYPASS, type BypassSettings } from '../bypass'
import { PASS_SECONDS, resolvePrefetch, userIdForms, type Terms } from '../captcha'
import { clientTypes } from '../cloud'
import type { CoreSettings } from '../core'
import { downtimeNames, type DowntimeName } from '../downtime'
import {
  callback,
  CLOUD_RULES,
  hasMethods,
  oneOf,
  refuseExposed,
  resolveCloud,
  versions,
  wholeNumber,
} from '../options'
import { DEFAULT_API_SERVER, isApiServer, isOrigin, originMeant } from '../origin'
import type { Order } from '../outage'
import { checkOptions, ownOptions, type Rules } from '../rules'
import { memoryStore, refusePublished } from './boot'
import { refuseForeign } from './foreign'
import type { Place } from './fields'
import type { GeetestOptions, GuardOptions } from './options'

/** The options, decided. */
export interface PluginSettings extends CoreSettings {
  readonly origins: readonly string[]
}

const ON_DENY = callback('a function (error, req, res, next)')

const ANSWER = callback('a function (req) that returns the object in which the fields are, such as (req) => req.body')

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
  version: oneOf(versions, '3'),
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
  prefetch: { allows: isSwitchOrObject, write: 'true, false, or an object of stock' },
  store: { allows: hasMethods('put', 'take'), write: 'an object with put and take, such as new MemoryStore()' },
  resets: oneOf([true, false], 'true'),
  sendUserId: oneOf(userIdForms, 'hash'),
  sendAddress: oneOf([true, false], 'true'),
  origins: {
    allows: (value) => Array.isArray(value) && value.every(isOrigin),
    entry: (entry) => (isOrigin(entry) ? undefined : originMeant(entry)),
    write: 'an array of origins, each as a browser sends it, such as ["https://app.example.com"]',
  },
  answer: ANSWER,
  onDeny: ON_DENY,
  site: {
    allows: (value) => value === false || isWord(/^[\w.-]{1,64}$/)(value),
    write: 'a name of letters, digits, ".", "_" and "-", at most 64 of them, or false',
  },
  warnings: oneOf([true, false], 'true'),
  onEvent: callback('a function (event)'),
} satisfies Rules

/** Checks everything once; throws `invalid_option` with the sentence that helps. */
export function resolveOptions(given: GeetestOptions, now: () => number): PluginSettings {
  const options = ownOptions(given)
  const cloud = resolveCloud('geetest', options, RULES)
  if (cloud.version === 4) refuseForeign(options)
  const {
    scene = 'default',
    downtime = 'proof-of-work',
    budgets: limits = {},
    bypass = false,
    prefetch = false,
    resets = true,
  } = options
  const budgets = ownOptions(limits)
  if (limits) checkOptions('geetest: budgets', limits, BUDGET_RULES)
  if (typeof bypass === 'object') checkOptions('geetest: bypass', bypass, BYPASS_RULES)
  const stocked = resolvePrefetch(prefetch)
  const looks = resolveBypass(bypass, cloud.apiServer)
  if (looks) refuseExposed('geetest: bypass', 'url', looks.url, cloud.allowInsecure)
  refusePublished(cloud)
  const { sendUserId = 'hash', sendAddress = true, origins = [], warnings = true, site = 'default' } = options
  const store = options.store ?? memoryStore(now)
  return {
    ...cloud,
    scene,
    downtime,
    budgets,
    bypass: looks,
    prefetch: stocked,
    resets,
    store,
    sendUserId,
    sendAddress,
    origins,
    warnings,
    site,
  }
}

function resolveBypass(bypass: boolean | Partial<BypassSettings>, apiServer: string): BypassSettings | false {
  if (bypass === false) return false
  const own = apiServer === DEFAULT_API_SERVER ? DEFAULT_BYPASS : `${apiServer}/v1/bypass_status.php`
  const { url = own, interval = 10_000 } = ownOptions(bypass === true ? {} : bypass)
  return { url, interval }
}

/** What a guard or `verify` asks for, and where it looks. */
export interface GuardSettings extends Place {
  readonly terms: Terms
}

/** What every guard of a plugin goes by. */
export interface GuardDefaults {
  /** The name of what this scene asks for in an outage. */
  readonly provider: string
  readonly answer?: Place['answer']
}

const guardRules = (provider: string) => ({
  uses: wholeNumber(1, 10, 'requests, such as 3'),
  seconds: wholeNumber(1, 3600, 'seconds, such as 300'),
  downtime: oneOf([...new Set(['deny', 'allow', provider])], 'whatever the scene asks for'),
  answer: ANSWER,
  take: oneOf([true, false], 'false'),
})

/** @param of `validate`, which takes `onDeny` too, or `verify` */
export function resolveGuard(
  of: 'validate' | 'verify',
  given: GuardOptions,
  { provider, answer: answerOfAll }: GuardDefaults,
): GuardSettings {
  checkOptions(`captcha.${of}`, given, { ...guardRules(provider), ...(of === 'validate' && { onDeny: ON_DENY }) })
  const { uses = 1, seconds = PASS_SECONDS, downtime, answer = answerOfAll, take = false } = ownOptions(given)
  return { terms: { uses, seconds, downtime }, answer, take }
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
