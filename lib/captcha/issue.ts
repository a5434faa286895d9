import type { Visitor } from '../cloud'
import { localChallenge } from '../downtime'
import { GeetestError } from '../errors'
import type { Caller } from '../fairness/call-gate'
import type { Mode } from '../tickets'
import type { Ground } from './parts'
import { putOff, tellOutage } from './tell-outage'

/** How long a challenge may be answered: the cloud's own ten minutes (protocol 1.8). */
export const TICKET_MS = 600_000

/** Whom a challenge belongs to: a hash of the session id, the label of the visitor, and what else is known. */
export interface Holder {
  readonly session: string
  readonly user: string
  readonly visitor: Visitor
}

/** What an issued challenge is, for the page and for the session. */
export interface Issued {
  readonly success: 0 | 1
  /** Empty where the page gets its own from the cloud, as in version 4. */
  readonly challenge: string
}

interface Particulars {
  /** When the cloud was asked for it, where that was not just now. */
  readonly registered?: number | undefined
  /** Why it is not the cloud's. */
  readonly cause?: string
}

/** Issues a challenge and writes its ticket: the server chooses the mode here, and nowhere else. */
export function issuing(parts: Ground): (holder: Holder) => Promise<Issued> {
  const { captchaId: gt, scene, edition, outage, stock, downtime, budget, claims, disclose, now, random, emit } = parts

  /** While the cloud is known to be down nobody waits for it, and for what is in stock nobody ever does. */
  async function register(
    visitor: Visitor,
    caller: Caller,
  ): Promise<({ challenge: string } & Particulars) | { cause: string }> {
    const spare = stock?.take()
    if (spare !== undefined) return spare
    const report = outage.admit()
    if (report === undefined) return { cause: String(outage.status.cause) }
    const registration = await edition.open(visitor, caller)
    tellOutage(report, registration)
    // The cloud is not down: no flood may turn the captcha into something easier.
    const seconds = putOff(registration)
    if (seconds !== undefined) throw GeetestError.because('unavailable', seconds)
    return registration
  }

  async function withinBudget(address: string | undefined): Promise<void> {
    const seconds = await budget.issue(address)
    if (seconds === undefined) return
    if (emit.hears('budget')) emit({ type: 'budget', scene, act: 'issue', seconds })
    throw GeetestError.because('downtime_denied', seconds)
  }

  async function keep(challenge: string, mode: Mode, holder: Holder, of: Particulars): Promise<Issued> {
    const { session, user, visitor } = holder
    const { cause, registered } = of
    const issued = now()
    const expires = (registered ?? issued) + TICKET_MS
    await claims.keep({ kind: 'ticket', challenge, mode, gt, scene, session, user, issued, expires }, visitor.ipAddress)
    if (emit.hears('issue')) {
      emit({
        type: 'issue',
        scene,
        mode,
        ...(cause !== undefined && { cause }),
        ...(stock !== undefined && { stocked: registered !== undefined, stock: stock.level() }),
      })
    }
    return { success: mode === 'online' ? 1 : 0, challenge }
  }

  return async function issue(holder) {
    // What is kept in stock is registered for nobody, so that with it nobody is told of.
    const { session, user, visitor } = holder
    const told = stock === undefined ? disclose(user, visitor) : {}
    const registration = await register(told, { session, address: visitor.ipAddress })
    if ('challenge' in registration && !edition.registers) return { success: 1, challenge: '' }
    if ('challenge' in registration) return keep(registration.challenge, 'online', holder, registration)
    await withinBudget(visitor.ipAddress)
    return keep(localChallenge(downtime, random), downtime.name, holder, registration)
  }
}
