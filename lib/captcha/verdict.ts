import type { Detail } from '../cloud/detail'
import { GeetestError, isReason, type Reason } from '../errors'
import type { Kept, Mode } from '../tickets'
import type { Ground } from './parts'

/** A verified visitor: by which mode, for which scene, under which label, by an answer of their own or by a pass. */
export interface Success {
  readonly ok: true
  readonly mode: Mode
  readonly scene: string
  readonly user: string
  /** `none`: neither, at a guard with `downtime: 'allow'` while the cloud is down. */
  readonly via: 'answer' | 'pass' | 'none'
  /** At a guard with `uses`: how many more requests it is open for without another captcha. */
  readonly left?: number
}

/** What a request can carry. */
type Carried = 'answer' | 'pass'

/** Why a visitor is not let through; `retryAfter` is in seconds, where too many try at once: here, or at the cloud. */
export interface Denial {
  readonly ok: false
  readonly code: Reason
  readonly retryAfter?: number
  /** What the vendor's cloud said beside its verdict: one of its codes or reasons. Version 4 only; for operators. */
  readonly detail?: Detail
}

/** The outcome of a verification, as a value. */
export type Verdict = Success | Denial

/** Says verdicts, and says them to whoever listens too. */
export interface Speaker {
  readonly accept: (via: Carried, kept: Kept) => Success
  /** @param mode the ticket's, where one was found */
  readonly deny: (via: Carried, code: Reason, mode?: Mode, detail?: Detail) => Denial
  readonly allow: () => Success
  readonly overBudget: (seconds: number) => Denial
  /** A reason that was thrown, by a store that fails or for a body that cannot be parsed, is a verdict too. */
  readonly settle: (via: Carried, verdict: Promise<Verdict>) => Promise<Verdict>
}

export function speaking({ edition, scene, now, emit }: Pick<Ground, 'edition' | 'scene' | 'now' | 'emit'>): Speaker {
  const deny: Speaker['deny'] = (via, code, mode, detail) => {
    const more = detail !== undefined && { detail }
    if (emit.hears('verify')) {
      emit({ type: 'verify', scene, via, outcome: code, ...(mode !== undefined && { mode }), ...more })
    }
    return { ok: false, code, ...more }
  }
  const tellAllowed = (): void => {
    if (emit.hears('allowed')) emit({ type: 'allowed', scene })
  }

  return {
    accept(via, { mode, user, issued }) {
      if (emit.hears('verify')) {
        // Where the site did not begin it, it cannot tell. The clocks of two nodes may differ.
        const begun = via === 'answer' && (mode !== 'online' || edition.registers)
        const took = begun && { seconds: Math.max(0, now() - issued) / 1000 }
        emit({ type: 'verify', scene, mode, via, outcome: 'ok', ...took })
      }
      if (mode === 'allow' && via === 'answer') tellAllowed()
      return { ok: true, mode, scene, user, via }
    },
    deny,
    allow() {
      tellAllowed()
      return { ok: true, mode: 'allow', scene, user: '', via: 'none' }
    },
    overBudget(seconds) {
      if (emit.hears('budget')) emit({ type: 'budget', scene, act: 'verify', seconds })
      return { ok: false, code: 'downtime_denied', retryAfter: seconds }
    },
    settle: (via, verdict) =>
      verdict.catch((error: unknown) => {
        if (!GeetestError.is(error) || !isReason(error.code)) throw error
        const seconds = error.headers?.['Retry-After']
        return { ...deny(via, error.code), ...(seconds !== undefined && { retryAfter: Number(seconds) }) }
      }),
  }
}
