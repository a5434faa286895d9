import type { Claims } from '../claims'
import type { Reason } from '../errors'
import { successorId, type Ticket } from '../tickets'
import type { Asker } from './asker'

/** So many answers may follow one ticket: a password mistyped as often, and then a challenge of the site's own again. */
const MOST = 5

/** As the cloud writes a challenge. What is known is found by its very letters: the same in other ones would be known to nobody. */
const CHALLENGE = /^[0-9a-z]+$/

/**
 * Answers after the widget's `reset()`. The cloud then gives the page a challenge of its own making, which this site has never seen. Such an
 * answer may take the place of another that the same session has given to a ticket of the site's: at most five of them, one after another,
 * until that ticket would have ended.
 */
export interface Successors {
  /**
   * Takes the place, where there is one, and the challenge with it. Nothing of a challenge may be known anywhere: one that was issued, to
   * whomever, is worth something to them alone.
   * @param challenge that the cloud has signed
   */
  claim(challenge: string, asker: Asker): Promise<Ticket | Reason>
  /** Keeps a place behind a ticket whose answer the cloud has said yes to, or behind another successor of such a ticket. */
  keepPlace(behind: Ticket, asker: Asker): Promise<void>
}

export interface SuccessorParts {
  readonly captchaId: string
  readonly scene: string
  readonly claims: Claims
}

export function createSuccessors({ captchaId: gt, scene, claims }: SuccessorParts): Successors {
  return {
    async claim(challenge, { session, visitor }) {
      if (!CHALLENGE.test(challenge) || !(await claims.isNobodys(challenge))) return 'unknown_challenge'
      // Taken before anything is asked of the cloud, so that two answers at once cannot have the same place.
      const place = await claims.claim(successorId({ gt, scene, session }), 'successor', { session })
      if (typeof place === 'string') return 'unknown_challenge'
      const { user, issued, expires, left } = place
      const resets = left - 1
      const ticket: Ticket = {
        kind: 'ticket',
        mode: 'online',
        challenge,
        gt,
        scene,
        session,
        user,
        issued,
        expires,
        resets,
      }
      const taken = await claims.claimOwn(ticket, visitor.ipAddress).catch((error: unknown) => {
        // Nobody was asked: the visitor may send it again.
        void claims.keep(place, visitor.ipAddress).catch(() => undefined)
        throw error
      })
      // Somebody was issued it, or has claimed it, in the meantime: here, or at a form with a store of its own, of two of which each sees
      // the other.
      const isOwn = taken === ticket && (await claims.isNobodys(challenge, 'elsewhere'))
      return isOwn ? ticket : 'unknown_challenge'
    },

    async keepPlace({ mode, user, issued, expires, resets: left = MOST }, { session, visitor }) {
      if (mode !== 'online' || left === 0) return
      // The answer before was right and is used up: a store that fails now must not send its owner away.
      await claims
        .keep({ kind: 'successor', left, mode, gt, scene, session, user, issued, expires }, visitor.ipAddress)
        .catch(() => undefined)
    },
  }
}
