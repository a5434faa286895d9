import { isLost, type Lost, type Visitor } from '../cloud'
import { localChallenge } from '../downtime'
import { GeetestError } from '../errors'
import type { Caller } from '../fairness/call-gate'
import type { Mode } from '../tickets'
import type { Ground } from './parts'
import { secondsToWait, tellOutage } from './tell-outage'

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
  /** By how much more work is asked for, in an outage. */
  readonly work?: number
}

/** By a member of its own: what all objects have inherited is no challenge of the cloud's. */
const hasChallenge = (registration: object): registration is { challenge: string } & Particulars =>
  Object.hasOwn(registration, 'challenge')

/** Issues a challenge and writes its ticket: the server chooses the mode here, and nowhere else. */
export function issuing(parts: Ground): (holder: Holder) => Promise<Issued> {
  const {
    captchaId: gt,
    scene,
    edition,
    outage,
    stock,
    downtime,
    budget,
    meet,
    claims,
    disclose,
    now,
    random,
    emit,
  } = parts

  /** While the cloud is known to be down nobody waits for it, and for what is in stock nobody ever does. */
  async function register(
    visitor: Visitor,
    caller: Caller,
  ): Promise<({ challenge: string } & Particulars) | Lost | { outage: string }> {
    const spare = stock?.take()
    if (spare !== undefined) return spare
    const report = outage.admit(edition.opensAt)
    if (report === undefined) return { outage: String(outage.status.cause) }
    const registration = await edition.open(visitor, caller)
    tellOutage(report, registration)
    return registration
  }

  /** @returns how much work the visitor is asked for */
  async function withinBudget({ session, visitor }: Holder): Promise<number> {
    const { wait, work } = await budget.issue({ address: visitor.ipAddress, session })
    if (wait === undefined) return work
    if (emit.hears('budget')) emit({ type: 'budget', scene, act: 'issue', seconds: wait })
    throw GeetestError.because('downtime_denied', wait)
  }

  async function keep(challenge: string, mode: Mode, holder: Holder, of: Particulars): Promise<Issued> {
    const { session, user, visitor } = holder
    const { cause, registered, work = 1 } = of
    const issued = now()
    const expires = (registered ?? issued) + TICKET_MS
    await claims.keep({ kind: 'ticket', challenge, mode, gt, scene, session, user, issued, expires }, visitor.ipAddress)
    if (emit.hears('issue')) {
      emit({
        type: 'issue',
        scene,
        mode,
        ...(cause !== undefined && { cause }),
        ...(work > 1 && { work }),
        ...(stock !== undefined && { stocked: registered !== undefined, stock: stock.level() }),
      })
    }
    return { success: mode === 'online' ? 1 : 0, challenge }
  }

  return async function issue(holder) {
    meet(holder.visitor.ipAddress)
    // Only what is registered here leaves a ticket; where the page asks the cloud by itself, a downtime challenge does.
    if (edition.registers) claims.admit(holder.visitor.ipAddress)
    // What is kept in stock is registered for nobody, so that with it nobody is told of.
    const { session, user, visitor } = holder
    const told = stock === undefined ? disclose(user, visitor) : {}
    const registration = await register(told, { session, address: visitor.ipAddress })
    const isRegistered = hasChallenge(registration)
    if (isRegistered && !edition.registers) return { success: 1, challenge: '' }
    if (isRegistered) return keep(registration.challenge, 'online', holder, registration)
    // This machine is too busy, or the cloud asks us to wait, and is not down: no flood may turn the captcha into something easier.
    const seconds = isLost(registration) ? secondsToWait(registration) : undefined
    if (seconds !== undefined) throw GeetestError.because('unavailable', seconds)
    const work = await withinBudget(holder)
    if (!edition.registers) claims.admit(visitor.ipAddress)
    const cause = isLost(registration) ? registration.cause : registration.outage
    return keep(localChallenge(downtime, random, work), downtime.name, holder, { cause, work })
  }
}
