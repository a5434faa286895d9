import type { BudgetOptions } from '../fairness/budget'
import type { BypassSettings } from '../bypass'
import type { DigestMod } from '../digest'
import { isAxios } from '../http'
import type { TicketStore } from '../tickets'
import type { Version } from '../options'
import type { PluginSettings } from './settings'

/** What the options decided, for whoever operates the site. The private key is not in it. */
export interface ShownSettings {
  /** Of the vendor's captcha: 3 or 4. */
  readonly version: Version
  readonly captchaId: string
  readonly apiServer: string
  readonly digest: DigestMod
  readonly newCaptcha: boolean
  /** Milliseconds for one upstream call. */
  readonly timeout: number
  readonly scene: string
  /** The name of what visitors are asked for while the cloud is down. */
  readonly downtime: string
  readonly budgets: BudgetOptions | false
  readonly bypass: BypassSettings | false
  /** How many registered challenges are kept in stock at most. */
  readonly prefetch: PluginSettings['prefetch']
  /** Whether answers after the widget's `reset()` are accepted. Version 3 only. */
  readonly resets: boolean
  readonly sendUserId: PluginSettings['sendUserId']
  readonly sendAddress: boolean
  readonly origins: readonly string[]
  readonly warnings: boolean
  readonly site: string | false
  /** Whether calls to the cloud go another way than straight from this machine: over a proxy, an agent or an axios of yours. */
  readonly ownHttp: boolean
  /** Not enumerable: neither `inspect` nor JSON shows it. */
  readonly store: TicketStore
}

export function shown(settings: PluginSettings): ShownSettings {
  const { privateKey: _, allowInsecure: __, http, downtime, store, ...rest } = settings
  const ownHttp = isAxios(http) || Object.values(http).some((setting) => setting !== undefined && setting !== false)
  const visible = { ...rest, downtime: typeof downtime === 'string' ? downtime : downtime.name, ownHttp }
  // There to be asked, and never to be printed: a store of the user's own may carry the address and password of its server.
  return Object.freeze(Object.defineProperty(visible, 'store', { value: store })) as ShownSettings
}
