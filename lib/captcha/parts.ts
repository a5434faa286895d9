import type { Budget } from '../budget'
import type { Claims } from '../claims'
import type { Endpoint } from '../cloud'
import type { DowntimeProvider } from '../downtime'
import type { Emit } from '../events'
import type { Outage } from '../outage'
import type { Disclose } from './disclosure'
import type { Edition, Opening } from './edition'
import type { Stock } from './stock'

/** Everything the acts stand on, whichever version they speak. */
export interface Ground {
  readonly captchaId: string
  readonly scene: string
  readonly edition: Opening
  readonly outage: Outage<Endpoint>
  /** Absent: every challenge is registered when it is asked for. */
  readonly stock?: Stock | undefined
  readonly downtime: DowntimeProvider
  readonly budget: Budget
  readonly claims: Claims
  readonly disclose: Disclose
  readonly now: () => number
  readonly random: (size: number) => Buffer
  readonly emit: Emit
}

/** The same for one version, whose answers are `A`. */
export interface CaptchaParts<A extends object> extends Ground {
  readonly edition: Edition<A>
}
