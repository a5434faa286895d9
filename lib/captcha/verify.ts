import type { Unusable } from '../answer'
import { GeetestError, isReason, type Reason } from '../errors'
import type { Ticket } from '../tickets'
import type { Asker } from './asker'
import type { Judged } from './edition'
import type { CaptchaParts } from './parts'
import { tellOutage } from './tell-outage'
import type { Speaker, Verdict } from './verdict'

/** The denials that used up a challenge of the visitor's own. */
const COSTLY: ReadonlySet<Reason> = new Set(['bad_signature', 'rejected', 'downtime_unsolved'])

/** So long after an outage what it asked for may still be answered: time to finish a form that was begun in it. */
const AFTER_OUTAGE_MS = 120_000

interface Checked extends Pick<Judged, 'detail'> {
  readonly outcome: 'ok' | Reason
}

/** Judges answers by their tickets. */
export function verifying<A extends object>(parts: CaptchaParts<A>, { accept, deny, overBudget }: Speaker) {
  const { edition, outage, outageEnded, downtime, budget, claims, disclose, now } = parts

  async function judge(answer: A, asker: Asker): Promise<Verdict> {
    const ticket = await edition.take(answer, asker)
    if (typeof ticket === 'string') return deny('answer', ticket)
    if (!edition.fits(answer, ticket)) return deny('answer', 'unknown_challenge', ticket.mode)
    const { outcome, detail } = await check(ticket, answer, asker.visitor)
    // An outage must not burn a visitor's solve: the ticket goes back with the time it had left.
    if (outcome === 'unavailable') await claims.keep({ ...ticket, unjudged: true }, asker.visitor.ipAddress)
    return outcome === 'ok' ? accept('answer', ticket) : deny('answer', outcome, ticket.mode, detail)
  }

  /** The ticket's mode picks the check, whatever the answer looks like and whatever the cloud's state is by now. */
  async function check(ticket: Ticket, answer: A, visitor: Asker['visitor']): Promise<Checked> {
    if (ticket.mode === 'online') return checkOnline(answer, ticket, disclose(ticket.user, visitor))
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

  async function checkOnline(answer: A, { unjudged }: Ticket, told: Asker['visitor']): Promise<Checked> {
    // Junk ends here, before it costs an upstream call.
    if (!edition.isSigned(answer)) return { outcome: 'bad_signature' }
    // Also while the cloud counts as down: only it can judge what it issued, and it may be back already.
    const report = outage.observe()
    const judged = await edition.judge(answer, told)
    // What visitors send shapes the reply: a seccode on which the cloud chokes, sent again and again, has one vote.
    if ('verdict' in judged || (edition.registers && unjudged === undefined)) tellOutage(report, judged)
    // Where anybody can make one up it has none, and what counts is an answer that no visitor has a say in.
    else if (!edition.registers) void edition.open(told).then((looked) => tellOutage(report, looked))
    return { outcome: 'verdict' in judged ? judged.verdict : 'unavailable', detail: judged.detail }
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
