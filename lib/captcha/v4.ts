import { asDowntimeAnswer, readAnswerV4, type AnswerV4 } from '../answer/v4'
import type { Claims } from '../claims'
import type { Ticket } from '../tickets'
import type { Edition } from './edition'
import { TICKET_MS } from './issue'
import type { SharedCloudV4 } from './shared-calls'
import { sharedLook } from './shared-look'

export interface EditionV4Parts {
  readonly captchaId: string
  readonly scene: string
  readonly cloud: SharedCloudV4
  readonly claims: Claims
  readonly now: () => number
}

/**
 * Version 4: the page starts alone and nothing that it gets is signed. So whoever first posts a lot number claims it, before anybody
 * asks the cloud about it; a downtime challenge has its ticket under the same id, which then decides instead (protocol 6.1).
 */
export function editionV4({ captchaId: gt, scene, cloud, claims, now }: EditionV4Parts): Edition<AnswerV4> {
  const look = sharedLook(() => cloud.look(), now)

  const ticketOf = (challenge: string, session: string, user: string): Ticket => {
    const issued = now()
    return { kind: 'ticket', mode: 'online', challenge, gt, scene, session, user, issued, expires: issued + TICKET_MS }
  }

  return {
    registers: false,
    opensAt: 'validate',
    read: readAnswerV4,
    async open() {
      const { lost, shared } = await look()
      return lost === undefined ? { challenge: '', shared } : { ...lost, shared }
    },
    async take({ lotNumber, captchaId }, asker) {
      const { session, visitor, label } = asker
      // Before anything is claimed: it is another scene's, and stays good there.
      if (captchaId !== undefined && captchaId.toLowerCase() !== gt.toLowerCase()) return 'scene_mismatch'
      return claims.claimOwn(ticketOf(lotNumber, session, await label()), visitor.ipAddress, asker)
    },
    fits: ({ lotNumber, passToken }, { mode, challenge }) => challenge === (mode === 'online' ? lotNumber : passToken),
    isSigned: () => true,
    isWhole: () => true,
    judge: (answer, _visitor, caller) => cloud.validate(answer, caller),
    local: asDowntimeAnswer,
  }
}
