import type { Reason } from './errors'
import { networkOf } from './network'
import type { StoreCall } from './store-call'
import { passId, SPENT, ticketId, type Kept, type Taken, type Ticket, type TicketStore } from './tickets'

/** How long an expired ticket is still remembered, so that its denial reads `expired` and not `unknown_challenge`. */
const GRACE_MS = 300_000

type Kind = Kept['kind']
type OfKind<K extends Kind> = Extract<Kept, { kind: K }>

/** The store, with the rules of who may take what. Rejects with `store_error` where the store fails. */
export interface Claims {
  /** @param address the visitor's: where room is short, it is made at the expense of whoever holds the most */
  keep(record: Kept, address: string | undefined): Promise<void>
  /** Takes what is kept under `id`, if this session may use it here and now; else says why not. It is gone either way. */
  claim<K extends Kind>(id: string, kind: K, session: string): Promise<OfKind<K> | Reason>
  /** Takes the ticket under this one's id as `claim` does; where none is known, this one counts as kept, and is taken now. */
  claimOwn(ticket: Ticket, address: string | undefined): Promise<Ticket | Reason>
}

export interface ClaimsParts {
  readonly store: TicketStore
  readonly gt: string
  readonly scene: string
  readonly now: () => number
  readonly ask: StoreCall
}

export function createClaims({ store, gt, scene, now, ask }: ClaimsParts): Claims {
  function judge<K extends Kind>(taken: Taken, kind: K, session: string): OfKind<K> | Reason {
    if (taken === SPENT) return 'replayed'
    if (!isKind(taken, kind)) return 'unknown_challenge'
    if (taken.expires <= now()) return 'expired'
    if (taken.scene !== scene || taken.gt !== gt) return 'scene_mismatch'
    return taken.session === session ? taken : 'session_mismatch'
  }

  return {
    keep(record, address) {
      const [id, grace] = record.kind === 'ticket' ? [ticketId(record.challenge), GRACE_MS] : [passId(record), 0]
      return ask(() => store.put(id, record, record.expires + grace - now(), networkOf(address)))
    },
    async claim(id, kind, session) {
      return judge(await ask(() => store.take(id)), kind, session)
    },
    async claimOwn(ticket, address) {
      const ttl = ticket.expires + GRACE_MS - now()
      // Checked at construction; a store that lost it since has failed.
      const taken = await ask(() =>
        (store as Required<TicketStore>).claim(ticketId(ticket.challenge), ttl, networkOf(address)),
      )
      return taken === undefined ? ticket : judge(taken, 'ticket', ticket.session)
    },
  }
}

/** Also where a store of the user's own says `null`, or keeps something else under our ids. */
function isKind<K extends Kind>(taken: Taken | null, kind: K): taken is OfKind<K> {
  return typeof taken === 'object' && taken?.kind === kind
}
