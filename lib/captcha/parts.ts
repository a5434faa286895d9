import type { Budget } from '../budget'
import type { Claims } from '../claims'
import type { Judgement, Registration, Visitor } from '../cloud'
import type { DowntimeProvider } from '../downtime'
import type { Emit } from '../events'
import type { Outage, Report } from '../outage'
import type { Disclose } from './disclosure'
import type { Edition, Opening } from './edition'
import type { Stock } from './stock'

/** Everything the acts stand on, whichever version they speak. */
export interface Ground {
  readonly captchaId: string
  readonly scene: string
  readonly edition: Opening
  readonly outage: Outage
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

/** Who asks to be let through. */
export interface Asker {
  /** Hash of the session id. */
  readonly session: string
  readonly visitor: Visitor
  /** Whether the request comes from one of the site's own pages, as far as the browser says. */
  readonly ownPage: boolean
  /** The label of the visitor, noted in the session. */
  readonly label: () => Promise<string>
}

/** Tells how a call ended. One that was never made, for too many others, says nothing about the cloud. */
export function tellOutage(report: Report, reply: Registration | Judgement): void {
  const cause = 'cause' in reply ? reply.cause : undefined
  if (cause !== 'busy') report(cause)
}
