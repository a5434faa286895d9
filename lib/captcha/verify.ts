import type { Unusable } from '../answer'
import { GeetestError, isReason, type Reason } from '../errors'
import type { Ticket } from '../tickets'
import type { Asker } from './asker'
import type { Judged } from './edition'
import type { CaptchaParts } from './parts'
import { putOff, tellOutage } from './tell-outage'
import type { Speaker, Verdict } from './verdict'

/** The denials that used up a challenge of the visitor's own. */
const COSTLY: ReadonlySet<Reason> = new Set(['bad_signature', 'rejected', 'downtime_unsolved'])

interface Checked extends Pick<Judged, 'detail'> {
  readonly outcome: 'ok' | Reason
  /** Seconds after which to come again, where nothing is wrong but that too many ask at once. */
  readonly retryAfter?: number | undefined
}

/** Judges answers by their tickets. */
export function verifying<A extends object>(parts: CaptchaParts<A>, { accept, deny, overBudget }: Speaker) {
  const { edition, outage, downtime, budget, claims, disclose } = parts

  async function judge(answer: A, asker: Asker): Promise<Verdict> {
    const ticket = await edition.take(answer, asker)
    if (typeof ticket === 'string') return deny('answer', ticket)
    if (!edition.fits(answer, ticket)) return deny('answer', 'unknown_challenge', ticket.mode)
    const { outcome, detail, retryAfter } = await check(ticket, answer, asker)
    // An outage must not burn a visitor's solve: the ticket goes back with the time it had left.
    if (outcome === 'unavailable') {
      const asked = retryAfter === undefined && { unjudged: true as const }
      await claims.keep({ ...ticket, ...asked }, asker.visitor.ipAddress)
    }
    if (outcome === 'ok') return accept('answer', ticket)
    return { ...deny('answer', outcome, ticket.mode, detail), ...(retryAfter !== undefined && { retryAfter }) }
  }

  /** The ticket's mode picks the check, whatever the answer looks like and whatever the cloud's state is by now. */
  async function check(ticket: Ticket, answer: A, asker: Asker): Promise<Checked> {
    if (ticket.mode === 'online') return checkOnline(answer, ticket, asker)
    return { outcome: ticket.mode === downtime.name ? await checkLocal(answer) : 'unknown_challenge' }
  }

  async function checkLocal(answer: A): Promise<'ok' | Reason> {
    try {
      const solved: unknown = await downtime.verify(edition.local(answer))
      return solved === true ? 'ok' : 'downtime_unsolved'
    } catch (error) {
      return GeetestError.is(error) && isReason(error.code) ? error.code : 'unavailable'
    }
  }

  async function checkOnline(answer: A, { unjudged, user }: Ticket, asker: Asker): Promise<Checked> {
    // Junk ends here, before it costs an upstream call.
    if (!edition.isSigned(answer)) return { outcome: 'bad_signature' }
    // Also while the cloud counts as down: only it can judge what it issued, and it may be back already.
    const report = outage.observe()
    const told = disclose(user, asker.visitor)
    const caller = { session: asker.session, address: asker.visitor.ipAddress }
    const judged = await edition.judge(answer, told, caller)
    const retryAfter = putOff(judged)
    if (retryAfter !== undefined) return { outcome: 'unavailable', retryAfter }
    // What visitors send shapes the reply: a seccode on which the cloud chokes, sent again and again, has one vote.
    if ('verdict' in judged || (edition.registers && unjudged === undefined)) tellOutage(report, judged)
    // Where anybody can make one up it has none, and what counts is an answer that no visitor has a say in.
    else if (!edition.registers) void edition.open(told, caller).then((looked) => tellOutage(report, looked))
    return { outcome: 'verdict' in judged ? judged.verdict : 'unavailable', detail: judged.detail }
  }

  /** @param answer as it was read at the door: what came instead of one is denied in its own words */
  return async function verify(answer: A | Unusable, asker: Asker): Promise<Verdict> {
    if (typeof answer === 'string') return deny('answer', answer)
    if (outage.status.mode === 'up') return judge(answer, asker)
    const { ipAddress } = asker.visitor
    const seconds = await budget.attempt(ipAddress)
    if (seconds !== undefined) return overBudget(seconds)
    const verdict = await judge(answer, asker)
    if (!verdict.ok && verdict.code !== 'unavailable') await budget.failed(ipAddress, COSTLY.has(verdict.code))
    return verdict
  }
}
