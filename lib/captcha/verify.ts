import type { Answer, Unusable } from '../answer'
import { equalText, signValidate } from '../digest'
import { GeetestError, isReason, type Reason } from '../errors'
import { sameChallenge, ticketId, type Ticket } from '../tickets'
import { tellOutage, type Asker, type CaptchaParts } from './parts'
import type { Speaker, Verdict } from './verdict'

/** The denials that used up a challenge of the visitor's own. */
const COSTLY: ReadonlySet<Reason> = new Set(['bad_signature', 'rejected', 'downtime_unsolved'])

/** Judges answers by their tickets. */
export function verifying(parts: CaptchaParts, { accept, deny, overBudget }: Speaker) {
  const { privateKey, cloud, outage, downtime, budget, claims, disclose } = parts

  async function judge(answer: Answer, { session, visitor }: Asker): Promise<Verdict> {
    const ticket = await claims.claim(ticketId(answer.challenge), 'ticket', session)
    if (typeof ticket === 'string') return deny('answer', ticket)
    if (!sameChallenge(ticket.challenge, answer.challenge)) return deny('answer', 'unknown_challenge', ticket.mode)
    const outcome = await check(ticket, answer, visitor)
    // An outage must not burn a visitor's solve: the ticket goes back with the time it had left.
    if (outcome === 'unavailable') await claims.keep({ ...ticket, unjudged: true }, visitor.ipAddress)
    return outcome === 'ok' ? accept('answer', ticket) : deny('answer', outcome, ticket.mode)
  }

  /** The ticket's mode picks the check, whatever the answer looks like and whatever the cloud's state is by now. */
  async function check(ticket: Ticket, answer: Answer, visitor: Asker['visitor']): Promise<'ok' | Reason> {
    if (ticket.mode === 'online') return checkOnline(answer, ticket, disclose(ticket.user, visitor))
    if (ticket.mode !== downtime.name) return 'unknown_challenge'
    try {
      const solved: unknown = await downtime.verify(answer)
      return solved === true ? 'ok' : 'downtime_unsolved'
    } catch (error) {
      return GeetestError.is(error) && isReason(error.code) ? error.code : 'unavailable'
    }
  }

  async function checkOnline(answer: Answer, { unjudged }: Ticket, told: Asker['visitor']): Promise<'ok' | Reason> {
    // Junk ends here, before it costs an upstream call.
    if (!equalText(signValidate(answer.challenge, privateKey), answer.validate)) return 'bad_signature'
    // Also while the cloud counts as down: only it can judge what it issued, and it may be back already.
    const report = outage.observe()
    const judgement = await cloud.validate(answer, told)
    // What visitors send shapes the reply: a seccode on which the cloud chokes, sent again and again, has one vote.
    if (unjudged === undefined || 'verdict' in judgement) tellOutage(report, judgement)
    return 'verdict' in judgement ? judgement.verdict : 'unavailable'
  }

  /** @param answer as it was read at the door: what came instead of one is denied in its own words */
  return async function verify(answer: Answer | Unusable, asker: Asker): Promise<Verdict> {
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
