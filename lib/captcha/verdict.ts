import type { Reason } from '../errors'
import type { Kept, Mode } from '../tickets'
import type { CaptchaParts } from './parts'

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

/** Why a visitor is not let through; `retryAfter` is in seconds, where a downtime budget is used up. */
export interface Denial {
  readonly ok: false
  readonly code: Reason
  readonly retryAfter?: number
}

/** The outcome of a verification, as a value. */
export type Verdict = Success | Denial

/** Says verdicts, and says them to `onEvent` too. */
export interface Speaker {
  readonly accept: (via: Carried, kept: Kept) => Success
  readonly deny: (via: Carried, code: Reason) => Denial
  readonly allow: () => Success
  readonly overBudget: (seconds: number) => Denial
}

export function speaking({ scene, emit }: Pick<CaptchaParts, 'scene' | 'emit'>): Speaker {
  return {
    accept(via, { mode, user }) {
      emit({ type: 'verify', scene, mode, via, outcome: 'ok' })
      if (mode === 'allow' && via === 'answer') emit({ type: 'allowed', scene })
      return { ok: true, mode, scene, user, via }
    },
    deny(via, code) {
      emit({ type: 'verify', scene, via, outcome: code })
      return { ok: false, code }
    },
    allow() {
      emit({ type: 'allowed', scene })
      return { ok: true, mode: 'allow', scene, user: '', via: 'none' }
    },
    overBudget(seconds) {
      emit({ type: 'budget', scene, act: 'verify', seconds })
      return { ok: false, code: 'downtime_denied', retryAfter: seconds }
    },
  }
}
