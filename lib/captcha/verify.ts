import type { Unusable } from '../answer'
import { isLost } from '../cloud'
import { GeetestError, isReason, type Reason } from '../errors'
import type { Ticket } from '../tickets'
import type { Asker } from './asker'
import type { Judged } from './edition'
import type { CaptchaParts } from './parts'
import { secondsToWait, tellOutage } from './tell-outage'
import type { Speaker, Verdict } from './verdict'

/** The denials that used up a challenge of the visitor's own. */
const COSTLY: ReadonlySet<Reason> = new Set(['bad_signature', 'malformed', 'rejected', 'downtime_unsolved'])

/** So long after an outage what it asked for may still be answered: time to finish a form that was begun in it. */
const AFTER_OUTAGE_MS = 120_000

interface Checked extends Pick<Judged, 'detail'> {
  readonly outcome: 'ok' | Reason
  /** Seconds to wait before the same answer is sent again, where the cloud asks for that. */
  readonly seconds?: number | undefined
}

/** Behind what the cloud has said yes to; a successor that it says no to stands behind such a one. */
const leavesPlace = (outcome: 'ok' | Reason, { resets }: Ticket): boolean =>
  outcome === 'ok' || (outcome === 'rejected' && resets !== undefined)

/** Judges answers by their tickets. */
export function verifying<A extends object>(parts: CaptchaParts<A>, { accept, deny, overBudget }: Speaker) {
  const { edition, outage, outageEnded, downtime, budget, claims, successors, disclose, now } = parts

  async function judge(answer: A, asker: Asker): Promise<Verdict> {
    const ticket = await edition.take(answer, asker)
    if (typeof ticket === 'string') return deny('answer', ticket)
    if (!edition.fits(answer, ticket)) return deny('answer', 'unknown_challenge', ticket.mode)
    const { outcome, detail, seconds } = await check(ticket, answer, asker)
    // An outage must not burn a visitor's solve: the ticket goes back with the time it had left.
    if (outcome === 'unavailable') await claims.keep({ ...ticket, unjudged: true }, asker.visitor.ipAddress)
    if (leavesPlace(outcome, ticket)) await successors?.keepPlace(ticket, asker)
    if (outcome === 'ok') return accept('answer', ticket)
    const denial = deny('answer', outcome, ticket.mode, detail)
    return seconds === undefined ? denial : { ...denial, retryAfter: seconds }
  }

  /** The ticket's mode picks the check, whatever the answer looks like and whatever the cloud's state is by now. */
  async function check(ticket: Ticket, answer: A, asker: Asker): Promise<Checked> {
    if (ticket.mode === 'online') return checkOnline(answer, ticket.user, asker)
    if (ticket.mode !== downtime.name) return { outcome: 'unknown_challenge' }
    return { outcome: isHoarded(ticket) ? 'expired' : await checkLocal(answer) }
  }

  /** What an outage gave out is no stock to live on after it. */
  function isHoarded({ issued }: Ticket): boolean {
    const ended = outageEnded()
    return ended !== undefined && issued <= ended && now() - ended > AFTER_OUTAGE_MS
  }

  async function checkLocal(answer: A): Promise<'ok' | Reason> {
    try {
      const solved: unknown = await downtime.verify(edition.local(answer))
      return solved === true ? 'ok' : 'downtime_unsolved'
    } catch (error) {
      return GeetestError.is(error) && isReason(error.code) ? error.code : 'unavailable'
    }
  }

  async function checkOnline(answer: A, user: string, { session, visitor }: Asker): Promise<Checked> {
    // Junk ends here, before it costs an upstream call.
    if (!edition.isSigned(answer)) return { outcome: 'bad_signature' }
    if (!edition.isWhole(answer)) return { outcome: 'malformed' }
    // Also while the cloud counts as down: only it can judge what it issued, and it may be back already.
    const report = outage.observe('validate')
    const caller = { session, address: visitor.ipAddress }
    const judged = await edition.judge(answer, disclose(user, visitor), caller)
    // What visitors send shapes the reply: a loss has no vote, and makes us look with what no visitor has a say in.
    tellOutage(report, judged, true)
    if (!isLost(judged)) return { outcome: judged.verdict, detail: judged.detail }
    const isPutOff = judged.cause === 'throttled' || judged.retryAfter !== undefined
    return { outcome: 'unavailable', detail: judged.detail, seconds: isPutOff ? secondsToWait(judged) : undefined }
  }

  /** @param answer as it was read at the door: what came instead of one is denied in its own words */
  return async function verify(answer: A | Unusable, asker: Asker): Promise<Verdict> {
    if (typeof answer === 'string') return deny('answer', answer)
    if (outage.status.mode === 'up') return judge(answer, asker)
    const who = { address: asker.visitor.ipAddress, session: asker.session }
    const seconds = await budget.attempt(who)
    if (seconds !== undefined) return overBudget(seconds)
    const verdict = await judge(answer, asker)
    if (!verdict.ok && verdict.code !== 'unavailable') await budget.failed(who, COSTLY.has(verdict.code))
    return verdict
  }
}
