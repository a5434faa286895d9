import { passId, type Pass } from '../tickets'
import type { Asker } from './asker'
import type { Ground } from './parts'
import type { Speaker, Success, Verdict } from './verdict'

/** How long a success of POST /validate may be spent, and what a guard's `seconds` is unless it says otherwise. */
export const PASS_SECONDS = 120

/** How far one solved captcha reaches at a guard. */
export interface Reach {
  /** Requests that it opens the guard for, the first included. */
  readonly uses: number
  /** For how long after the solve, in seconds. */
  readonly seconds: number
}

/** POST /validate leaves its pass in the first place; what a guard grants lies in those behind it, one use in each. */
const FIRST = 0

/** Passes stand in for an answer, in the session and scene that earned them, once each. */
export function passing({ captchaId: gt, scene, claims, now }: Ground, { accept, deny }: Speaker) {
  const leaveAt = (place: number, solve: Solve, { session, visitor }: Asker, seconds: number): Promise<void> => {
    const { mode, user, issued } = solve
    const expires = issued + seconds * 1000
    return claims.keep({ kind: 'pass', place, mode, gt, scene, session, user, issued, expires }, visitor.ipAddress)
  }

  /** Leaves what `reach` grants behind its first use. */
  async function leaveRest(solve: Solve, asker: Asker, { uses, seconds }: Reach): Promise<void> {
    const places = Array.from({ length: uses - 1 }, (_, i) => FIRST + 1 + i)
    await Promise.all(places.map((place) => leaveAt(place, solve, asker, seconds)))
  }

  return {
    /** Leaves the one pass of POST /validate. */
    leave: (solve: Success, asker: Asker) => leaveAt(FIRST, { ...solve, issued: now() }, asker, PASS_SECONDS),

    /** What a guard makes of an answer of the visitor's own. */
    async grant(success: Success, asker: Asker, reach: Reach): Promise<Success> {
      if (reach.uses === 1) return success
      const left = await leaveRest({ ...success, issued: now() }, asker, reach).then(
        () => reach.uses - 1,
        // The answer was right and is used up: a store that fails now must not send its owner away.
        () => 0,
      )
      return { ...success, left }
    },

    /** Spends the foremost pass that is within this guard's own reach, whoever left it. */
    async spend(asker: Asker, reach: Reach): Promise<Verdict> {
      const { session } = asker
      for (let place = FIRST; place < reach.uses; place++) {
        const pass = await claims.claim(passId({ gt, scene, session, place }), 'pass', { session })
        // A spent or expired pass is no pass: what the visitor lacks is a captcha.
        if (typeof pass === 'string' || pass.issued + reach.seconds * 1000 <= now()) continue
        if (place === FIRST) await leaveRest(pass, asker, reach)
        const success = accept('pass', pass)
        return reach.uses === 1 ? success : { ...success, left: reach.uses - 1 - place }
      }
      return deny('pass', 'missing')
    },
  }
}

/** What was solved, by which mode and when. */
type Solve = Pick<Pass, 'mode' | 'user' | 'issued'>
