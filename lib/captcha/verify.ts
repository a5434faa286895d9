import type { Answer, Unusable } from '../answer'
import type { Visitor } from '../cloud'
import { equalText, signValidate } from '../digest'
import { GeetestError, isReason, type Reason } from '../errors'
import { passId, sameChallenge, ticketId, type Kept, type Mode, type Ticket } from '../tickets'
import { tellOutage, type CaptchaParts } from './parts'

/** How long a success of POST /validate may be spent. */
const PASS_MS = 120_000

/** The denials that used up a challenge of the visitor's own. */
const COSTLY: ReadonlySet<Reason> = new Set(['bad_signature', 'rejected', 'downtime_unsolved'])

/** A verified visitor: by which mode, for which scene, under which label, by an answer of their own or by a pass. */
export interface Success {
  readonly ok: true
  readonly mode: Mode
  readonly scene: string
  readonly user: string
  /** `none`: neither, at a guard with `downtime: 'allow'` while the cloud is down. */
  readonly via: 'answer' | 'pass' | 'none'
}

/** What a request can carry. */
type Carried = 'answer' | 'pass'

/** Why a visitor is not let through; `retryAfter` is in seconds, where a downtime budget is used up. */
export interface Denial {
  readonly ok: false
  readonly code: Reason
  readonly retryAfter?: number
}

/** The outcome of a verification, as a value. */
export type Verdict = Success | Denial

/** Judges answers by their tickets, and keeps the passes between a success and the request that spends it. */
export function verifying(parts: CaptchaParts) {
  const { captchaId: gt, privateKey, scene, cloud, outage, downtime, budget, claims, now, emit } = parts

  /** @param answer as it was read at the door: what came instead of one is denied in its own words */
  async function verify(answer: Answer | Unusable, session: string, visitor: Visitor): Promise<Verdict> {
    if (typeof answer === 'string') return deny('answer', answer)
    if (outage.status.mode === 'up') return judge(answer, session, visitor)
    const seconds = await budget.attempt(visitor.ipAddress)
    if (seconds !== undefined) return overBudget(seconds)
    const verdict = await judge(answer, session, visitor)
    if (!verdict.ok && verdict.code !== 'unavailable') await budget.failed(visitor.ipAddress, COSTLY.has(verdict.code))
    return verdict
  }

  async function judge(answer: Answer, session: string, visitor: Visitor): Promise<Verdict> {
    const ticket = await claims.claim(ticketId(answer.challenge), 'ticket', session)
    if (typeof ticket === 'string') return deny('answer', ticket)
    if (!sameChallenge(ticket.challenge, answer.challenge)) return deny('answer', 'unknown_challenge')
    const outcome = await check(ticket, answer, visitor)
    // An outage must not burn a visitor's solve: the ticket goes back with the time it had left.
    if (outcome === 'unavailable') await claims.keep(ticket)
    return outcome === 'ok' ? accept('answer', ticket) : deny('answer', outcome)
  }

  /** The ticket's mode picks the check, whatever the answer looks like and whatever the cloud's state is by now. */
  async function check(ticket: Ticket, answer: Answer, visitor: Visitor): Promise<'ok' | Reason> {
    if (ticket.mode === 'online') return checkOnline(answer, { ...visitor, userId: ticket.user })
    if (ticket.mode !== downtime.name) return 'unknown_challenge'
    try {
      const solved: unknown = await downtime.verify(answer)
      return solved === true ? 'ok' : 'downtime_unsolved'
    } catch (error) {
      return GeetestError.is(error) && isReason(error.code) ? error.code : 'unavailable'
    }
  }

  async function checkOnline(answer: Answer, visitor: Visitor): Promise<'ok' | Reason> {
    // Junk ends here, before it costs an upstream call.
    if (!equalText(signValidate(answer.challenge, privateKey), answer.validate)) return 'bad_signature'
    // Also while the cloud counts as down: only it can judge what it issued, and it may be back already.
    const report = outage.observe()
    const judgement = await cloud.validate(answer, visitor)
    tellOutage(report, judgement)
    return 'verdict' in judgement ? judgement.verdict : 'unavailable'
  }

  /** Leaves a single-use pass for what was just verified. */
  async function leavePass({ mode, user }: Success, session: string): Promise<void> {
    const issued = now()
    await claims.keep({ kind: 'pass', mode, gt, scene, session, user, issued, expires: issued + PASS_MS })
  }

  async function spendPass(session: string): Promise<Verdict> {
    const pass = await claims.claim(passId({ gt, scene, session }), 'pass', session)
    // A spent or expired pass is no pass: what the visitor lacks is a captcha.
    return typeof pass === 'string' ? deny('pass', 'missing') : accept('pass', pass)
  }

  /** What a guard with `downtime: 'allow'` makes of a request without an answer: a pass is spent first. */
  async function spendPassOrAllow(session: string): Promise<Verdict> {
    const verdict = await spendPass(session)
    if (verdict.ok || outage.status.mode === 'up') return verdict
    emit({ type: 'allowed', scene })
    return { ok: true, mode: 'allow', scene, user: '', via: 'none' }
  }

  /** What a guard that is stricter than its scene makes of a success: only the cloud's, or that provider's. */
  function narrow(verdict: Verdict, provider: string): Verdict {
    if (!verdict.ok || verdict.mode === 'online' || provider === 'allow' || verdict.mode === provider) return verdict
    return deny(verdict.via === 'pass' ? 'pass' : 'answer', 'downtime_denied')
  }

  function accept(via: Carried, { mode, user }: Kept): Success {
    emit({ type: 'verify', scene, mode, via, outcome: 'ok' })
    if (mode === 'allow' && via === 'answer') emit({ type: 'allowed', scene })
    return { ok: true, mode, scene, user, via }
  }

  function deny(via: Carried, code: Reason): Denial {
    emit({ type: 'verify', scene, via, outcome: code })
    return { ok: false, code }
  }

  function overBudget(seconds: number): Denial {
    emit({ type: 'budget', scene, act: 'verify', seconds })
    return { ok: false, code: 'downtime_denied', retryAfter: seconds }
  }

  return { verify, leavePass, spendPass, spendPassOrAllow, narrow }
}
