import { isIP } from 'node:net'
import { isWholeSeccode, readAnswer, type Answer } from '../answer'
import type { Claims } from '../claims'
import type { Visitor } from '../cloud'
import { mayBeSigned, type Account } from '../digest'
import { sameChallenge, ticketId } from '../tickets'
import type { Edition } from './edition'
import type { SharedCloud } from './shared-calls'

export interface EditionV3Parts {
  readonly account: Account
  /** Whether the cloud is told labels as they are, which visitors may choose. */
  readonly rawLabels: boolean
  readonly cloud: SharedCloud
  readonly claims: Claims
}

/** Version 3: the site registers each challenge, and whoever holds the key can tell a validate that was made up. */
export const editionV3 = ({ account, rawLabels, cloud, claims }: EditionV3Parts): Edition<Answer> => ({
  registers: true,
  opensAt: 'register',
  read: readAnswer,
  open: async (visitor, caller) => ({
    ...(await cloud.register(visitor, caller)),
    shaped: isShaped(visitor, rawLabels),
  }),
  take: ({ challenge }, { session }) => claims.claim(ticketId(challenge), 'ticket', session),
  fits: ({ challenge }, ticket) => sameChallenge(ticket.challenge, challenge),
  isSigned: (answer) => mayBeSigned(answer, account),
  isWhole: ({ validate, seccode }) => isWholeSeccode(seccode, validate),
  judge: (answer, visitor, caller) => cloud.validate(answer, visitor, caller),
  local: (answer) => answer,
})

/** A label as visitors write it, or an address that some proxy has passed on unseen, may be anything. */
const isShaped = ({ userId, ipAddress }: Visitor, rawLabels: boolean): boolean =>
  (rawLabels && Boolean(userId)) || (Boolean(ipAddress) && isIP(String(ipAddress)) === 0)
