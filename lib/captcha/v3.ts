import { readAnswer, type Answer } from '../answer'
import type { Claims } from '../claims'
import type { Cloud } from '../cloud'
import { equalText, signValidate } from '../digest'
import { sameChallenge, ticketId } from '../tickets'
import type { Edition } from './edition'

export interface EditionV3Parts {
  readonly privateKey: string
  readonly cloud: Cloud
  readonly claims: Claims
}

/** Version 3: the site registers each challenge, and whoever holds the key can tell a validate that was made up. */
export const editionV3 = ({ privateKey, cloud, claims }: EditionV3Parts): Edition<Answer> => ({
  registers: true,
  read: readAnswer,
  open: (visitor) => cloud.register(visitor),
  take: ({ challenge }, { session }) => claims.claim(ticketId(challenge), 'ticket', session),
  fits: ({ challenge }, ticket) => sameChallenge(ticket.challenge, challenge),
  isSigned: ({ challenge, validate }) => equalText(signValidate(challenge, privateKey), validate),
  judge: (answer, visitor) => cloud.validate(answer, visitor),
  local: (answer) => answer,
})
