import type { Answer, Unusable } from './answer'
import { createClaims } from './claims'
import type { Cloud, Visitor } from './cloud'
import { equalText, signValidate } from './digest'
import type { DowntimeProvider } from './downtime/provider'
import type { Reason } from './errors'
import type { Emit } from './events'
import type { Outage } from './outage'
import { passId, sameChallenge, ticketId, type Kept, type Mode, type Ticket, type TicketStore } from './tickets'

/** How long a challenge may be answered: the cloud's own ten minutes (protocol 1.8). */
const TICKET_MS = 600_000
/** How long a success of POST /validate may be spent. */
const PASS_MS = 120_000

/** Whom a challenge belongs to: a hash of the session id, and the label that goes upstream. */
export interface Holder {
  readonly session: string
  readonly user: string
}

/** What an issued challenge is, for the page and for the session. */
export interface Issued {
  readonly success: 0 | 1
  readonly challenge: string
}

/** A verified visitor: by which mode, for which scene, under which label, by an answer of their own or by a pass. */
export interface Success {
  readonly ok: true
  readonly mode: Mode
  readonly scene: string
  readonly user: string
  readonly via: 'answer' | 'pass'
}

/** The outcome of a verification, as a value. */
export type Verdict = Success | { readonly ok: false; readonly code: Reason }

/** The two acts, on plain values, and the passes between them. They reject with `store_error` and with nothing else. */
export interface Captcha {
  issue(holder: Holder, visitor: Visitor): Promise<Issued>
  /** `answer` as it was read at the door: what came instead of one is denied in its own words. */
  verify(answer: Answer | Unusable, session: string, visitor: Visitor): Promise<Verdict>
  /** Leaves a single-use pass for what was just verified. */
  leavePass(success: Success, session: string): Promise<void>
  spendPass(session: string): Promise<Verdict>
}

/** Everything the acts stand on. */
export interface CaptchaParts {
  readonly captchaId: string
  readonly privateKey: string
  readonly scene: string
  readonly cloud: Cloud
  readonly outage: Outage
  readonly downtime: DowntimeProvider
  readonly store: TicketStore
  readonly now: () => number
  readonly random: (size: number) => Buffer
  readonly emit: Emit
}

export function createCaptcha(parts: CaptchaParts): Captcha {
  const { captchaId: gt, privateKey, scene, cloud, outage, downtime, store, now, random, emit } = parts
  const onStoreError = (error: unknown): void => emit({ type: 'store', scene, error })
  const claims = createClaims({ store, gt, scene, now, onStoreError })

  async function issue({ session, user }: Holder, visitor: Visitor): Promise<Issued> {
    const registration = await cloud.register({ ...visitor, userId: user })
    const cause = 'cause' in registration ? registration.cause : undefined
    outage.report(cause)
    const mode = cause === undefined ? 'online' : downtime.name
    const challenge = 'challenge' in registration ? registration.challenge : localChallenge()
    const issued = now()
    const expires = issued + TICKET_MS
    await claims.keep({ kind: 'ticket', challenge, mode, gt, scene, session, user, issued, expires })
    emit({ type: 'issue', scene, mode, ...(cause && { cause }) })
    return { success: mode === 'online' ? 1 : 0, challenge }
  }

  async function verify(answer: Answer | Unusable, session: string, visitor: Visitor): Promise<Verdict> {
    if (typeof answer === 'string') return deny('answer', answer)
    const ticket = await claims.claim(ticketId(answer.challenge), 'ticket', session)
    if (typeof ticket === 'string') return deny('answer', ticket)
    if (!sameChallenge(ticket.challenge, answer.challenge)) return deny('answer', 'unknown_challenge')
    const outcome = await judge(ticket, answer, visitor)
    // An outage must not burn a visitor's solve: the ticket goes back with the time it had left.
    if (outcome === 'unavailable') await claims.keep(ticket)
    return outcome === 'ok' ? accept('answer', ticket) : deny('answer', outcome)
  }

  /** The ticket's mode picks the check, whatever the answer looks like and whatever the cloud's state is by now. */
  async function judge(ticket: Ticket, answer: Answer, visitor: Visitor): Promise<'ok' | Reason> {
    if (ticket.mode === 'online') return judgeOnline(answer, { ...visitor, userId: ticket.user })
    if (ticket.mode !== downtime.name) return 'unknown_challenge'
    try {
      return (await downtime.verify(answer)) ? 'ok' : 'downtime_unsolved'
    } catch {
      return 'unavailable'
    }
  }

  async function judgeOnline(answer: Answer, visitor: Visitor): Promise<'ok' | Reason> {
    // Junk ends here, before it costs an upstream call.
    if (!equalText(signValidate(answer.challenge, privateKey), answer.validate)) return 'bad_signature'
    const judgement = await cloud.validate(answer, visitor)
    const cause = 'cause' in judgement ? judgement.cause : undefined
    outage.report(cause)
    return 'verdict' in judgement ? judgement.verdict : 'unavailable'
  }

  async function leavePass({ mode, user }: Success, session: string): Promise<void> {
    const issued = now()
    await claims.keep({ kind: 'pass', mode, gt, scene, session, user, issued, expires: issued + PASS_MS })
  }

  async function spendPass(session: string): Promise<Verdict> {
    const pass = await claims.claim(passId({ gt, scene, session }), 'pass', session)
    // A spent or expired pass is no pass: what the visitor lacks is a captcha.
    return typeof pass === 'string' ? deny('pass', 'missing') : accept('pass', pass)
  }

  function localChallenge(): string {
    const id = random(16).toString('hex')
    return id + downtime.issue(id)
  }

  function accept(via: Success['via'], { mode, user }: Kept): Success {
    emit({ type: 'verify', scene, via, outcome: 'ok' })
    return { ok: true, mode, scene, user, via }
  }

  function deny(via: Success['via'], code: Reason): Verdict {
    emit({ type: 'verify', scene, via, outcome: code })
    return { ok: false, code }
  }

  return { issue, verify, leavePass, spendPass }
}
