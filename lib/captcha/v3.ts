import { readAnswer, type Answer } from '../answer'
import type { Claims } from '../claims'
import { equalText, signValidate } from '../digest'
import { sameChallenge, ticketId } from '../tickets'
import type { Edition } from './edition'
import type { SharedCloud } from './shared-calls'

export interface EditionV3Parts {
  readonly privateKey: string
  readonly cloud: SharedCloud
  readonly claims: Claims
}

/** Version 3: the site registers each challenge, and whoever holds the key can tell a validate that was made up. */
export const editionV3 = ({ privateKey, cloud, claims }: EditionV3Parts): Edition<Answer> => ({
  registers: true,
  read: readAnswer,
  open: (visitor, caller) => cloud.register(visitor, caller),
  take: ({ challenge }, { session }) => claims.claim(ticketId(challenge), 'ticket', session),
  fits: ({ challenge }, ticket) => sameChallenge(ticket.challenge, challenge),
  isSigned: ({ challenge, validate }) => equalText(signValidate(challenge, privateKey), validate),
  judge: (answer, visitor, caller) => cloud.validate(answer, visitor, caller),
  local: (answer) => answer,
})
