import { isIP } from 'node:net'
import { isWholeSeccode, readAnswer, type Answer } from '../answer'
import type { Claims } from '../claims'
import type { Visitor } from '../cloud'
import { isSigned, mayBeSigned, type Account } from '../digest'
import { sameChallenge, ticketId } from '../tickets'
import type { Edition } from './edition'
import type { SharedCloud } from './shared-calls'
import type { Successors } from './successors'

export interface EditionV3Parts {
  readonly account: Account
  /** Whether the cloud is told labels as they are, which visitors may choose. */
  readonly rawLabels: boolean
  readonly cloud: SharedCloud
  readonly claims: Claims
  /** Absent: an answer under a challenge that was not issued here is refused, whatever it is. */
  readonly successors?: Successors | undefined
}

/** Version 3: the site registers each challenge, and whoever holds the key can tell a validate that was made up. */
export const editionV3 = ({ account, rawLabels, cloud, claims, successors }: EditionV3Parts): Edition<Answer> => ({
  registers: true,
  opensAt: 'register',
  read: readAnswer,
  open: async (visitor, caller) => ({
    ...(await cloud.register(visitor, caller)),
    shaped: isShaped(visitor, rawLabels),
  }),
  async take(answer, asker) {
    const { challenge } = answer
    const taken = await claims.claim(ticketId(challenge), 'ticket', asker)
    // Only what the cloud has signed is worth a second look: nobody can make up any number of such challenges.
    if (taken !== 'unknown_challenge' || successors === undefined || !isSigned(answer, account)) return taken
    return successors.claim(challenge, asker)
  },
  fits: ({ challenge }, ticket) => sameChallenge(ticket.challenge, challenge),
  isSigned: (answer) => mayBeSigned(answer, account),
  isWhole: ({ validate, seccode }) => isWholeSeccode(seccode, validate),
  judge: (answer, visitor, caller) => cloud.validate(answer, visitor, caller),
  local: (answer) => answer,
})

/** A label as visitors write it, or an address that some proxy has passed on unseen, may be anything. */
const isShaped = ({ userId, ipAddress }: Visitor, rawLabels: boolean): boolean =>
  (rawLabels && Boolean(userId)) || (Boolean(ipAddress) && isIP(String(ipAddress)) === 0)
