import type { Claims } from '../claims'
import type { Endpoint } from '../cloud'
import type { DowntimeProvider } from '../downtime'
import type { Emit } from '../events'
import type { Budget } from '../fairness/budget'
import type { Outage } from '../outage'
import type { Disclose } from './disclosure'
import type { Edition, Opening } from './edition'
import type { Stock } from './stock'
import type { Successors } from './successors'

/** Everything the acts stand on, whichever version they speak. */
export interface Ground {
  readonly captchaId: string
  readonly scene: string
  readonly edition: Opening
  readonly outage: Outage<Endpoint>
  /** When the last outage ended as this node knows it, in ms since 1970; absent during one, and where there was none. */
  readonly outageEnded: () => number | undefined
  /** Absent: every challenge is registered when it is asked for. */
  readonly stock?: Stock | undefined
  readonly downtime: DowntimeProvider
  readonly budget: Budget
  /** Told of every visitor's address. */
  readonly meet: (address: string | undefined) => void
  readonly claims: Claims
  /** Absent: nothing follows a ticket. */
  readonly successors?: Successors | undefined
  readonly disclose: Disclose
  readonly now: () => number
  readonly random: (size: number) => Buffer
  readonly emit: Emit
}

/** The same for one version, whose answers are `A`. */
export interface CaptchaParts<A extends object> extends Ground {
  readonly edition: Edition<A>
}
