import type { Visitor } from '../cloud'
import { localChallenge } from '../downtime'
import { GeetestError } from '../errors'
import type { Mode } from '../tickets'
import { tellOutage, type CaptchaParts } from './parts'

/** How long a challenge may be answered: the cloud's own ten minutes (protocol 1.8). */
const TICKET_MS = 600_000

/** Whom a challenge belongs to: a hash of the session id, the label of the visitor, and what else is known. */
export interface Holder {
  readonly session: string
  readonly user: string
  readonly visitor: Visitor
}

/** What an issued challenge is, for the page and for the session. */
export interface Issued {
  readonly success: 0 | 1
  readonly challenge: string
}

/** Issues a challenge and writes its ticket: the server chooses the mode here, and nowhere else. */
export function issuing(parts: CaptchaParts): (holder: Holder) => Promise<Issued> {
  const { captchaId: gt, scene, cloud, outage, downtime, budget, claims, disclose, now, random, emit } = parts

  /** While the cloud is known to be down nobody waits for it. */
  async function register(visitor: Visitor): Promise<{ challenge: string } | { cause: string }> {
    const report = outage.admit()
    if (report === undefined) return { cause: String(outage.status.cause) }
    const registration = await cloud.register(visitor)
    tellOutage(report, registration)
    return registration
  }

  async function withinBudget(address: string | undefined): Promise<void> {
    const seconds = await budget.issue(address)
    if (seconds === undefined) return
    if (emit.hears('budget')) emit({ type: 'budget', scene, act: 'issue', seconds })
    throw GeetestError.because('downtime_denied', seconds)
  }

  async function keep(challenge: string, mode: Mode, holder: Holder, cause?: string): Promise<Issued> {
    const { session, user, visitor } = holder
    const issued = now()
    const expires = issued + TICKET_MS
    await claims.keep({ kind: 'ticket', challenge, mode, gt, scene, session, user, issued, expires }, visitor.ipAddress)
    if (emit.hears('issue')) emit({ type: 'issue', scene, mode, ...(cause !== undefined && { cause }) })
    return { success: mode === 'online' ? 1 : 0, challenge }
  }

  return async function issue(holder) {
    const registration = await register(disclose(holder.user, holder.visitor))
    if ('challenge' in registration) return keep(registration.challenge, 'online', holder)
    // This machine is too busy, the cloud is not down: no flood may turn the captcha into something easier.
    if (registration.cause === 'busy') throw GeetestError.because('unavailable', 1)
    await withinBudget(holder.visitor.ipAddress)
    return keep(localChallenge(downtime, random), downtime.name, holder, registration.cause)
  }
}
