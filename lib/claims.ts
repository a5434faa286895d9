import { GeetestError, type Reason } from './errors'
import { networkOf } from './network'
import { createRecordQuota, type RecordQuota } from './fairness/record-quota'
import type { StoreAsked, StoreCall } from './store-call'
import { noteStore, storesOf } from './claims/sibling-stores'
import { passId, SPENT, successorId, ticketId, type Kept, type Taken, type Ticket, type TicketStore } from './tickets'

/** How long an expired ticket is still remembered, so that its denial reads `expired` and not `unknown_challenge`. */
const GRACE_MS = 300_000
/**
 * The same of a challenge that the cloud has made at a `reset()`: it may be as young, for the cloud, as the answer to it, and its ticket
 * nearly over.
 */
const SUCCESSOR_GRACE_MS = 900_000
/** Of a store that does not say how many tickets one process may leave in it. */
const RECORD_LIMIT = 100_000

type Kind = Kept['kind']
type OfKind<K extends Kind> = Extract<Kept, { kind: K }>

/** Who wants to take something. */
export interface Claimant {
  /** Hash of the session id. */
  readonly session: string
  /** Whether this ticket of another session was given to the same browser, in a request that began beside this session's first. */
  readonly isSibling?: ((ticket: Ticket) => boolean) | undefined
}

/** The store, with the rules of who may take what. Rejects with `store_error` where the store fails. */
export interface Claims {
  /**
   * Before anything is asked or written for a new ticket of this visitor's.
   * @throws GeetestError `unavailable` (429) where their network has left its share in the store already
   */
  admit(address: string | undefined): void
  /** @param address the visitor's: where room is short, it is made at the expense of whoever holds the most */
  keep(record: Kept, address: string | undefined): Promise<void>
  /** Takes what is kept under `id`, if this session may use it here and now; else says why not. It is gone either way. */
  claim<K extends Kind>(id: string, kind: K, by: Claimant): Promise<OfKind<K> | Reason>
  /**
   * Takes the ticket under this one's id as `claim` does; where none is known, this one counts as kept, and is taken now. It leaves a
   * mark in any case, so that it rejects as `admit` throws.
   */
  claimOwn(ticket: Ticket, address: string | undefined, by?: Claimant): Promise<Ticket | Reason>
  /** Makes known a challenge that is registered and that nobody was given, until its ticket takes the place. */
  reserve(challenge: string, ttl: number): Promise<void>
  /**
   * Whether a challenge of this id was certainly issued to nobody: nothing is known of it, here and in any other store in which this process
   * keeps challenges of this captcha id, and none of them may have lost something.
   * @param where `elsewhere`: in those others alone
   */
  isNobodys(challenge: string, where?: 'elsewhere'): Promise<boolean>
  /** Whether the store can say so at all. */
  readonly knowsAll: boolean
}

export interface ClaimsParts {
  readonly store: TicketStore
  readonly gt: string
  readonly scene: string
  readonly now: () => number
  readonly ask: StoreCall
}

/** Plugins that share a store share what may be left in it. */
const quotas = new WeakMap<TicketStore, RecordQuota>()

function quotaOf(store: TicketStore, now: () => number): RecordQuota {
  const quota = quotas.get(store) ?? createRecordQuota({ limit: store.recordLimit ?? RECORD_LIMIT, now })
  quotas.set(store, quota)
  return quota
}

export function createClaims({ store, gt, scene, now, ask }: ClaimsParts): Claims {
  noteStore(gt, store)
  const quota = store.recordLimit === Infinity ? undefined : quotaOf(store, now)

  function judge<K extends Kind>(taken: Taken, kind: K, { session, isSibling }: Claimant): OfKind<K> | Reason {
    if (taken === SPENT) return 'replayed'
    if (!isKind(taken, kind)) return 'unknown_challenge'
    if (taken.expires <= now()) return 'expired'
    if (taken.scene !== scene || taken.gt !== gt) return 'scene_mismatch'
    if (taken.session === session || (isTicket(taken) && isSibling?.(taken))) return taken
    return 'session_mismatch'
  }

  function put(record: Kept, address: string | undefined): Promise<void> {
    const [id, grace] = idOf(record)
    const network = networkOf(address)
    const hide = [id, record.session, record.user, ...placesOf(address)]
    return ask(() => store.put(id, record, record.expires + grace - now(), network), { hide })
  }

  /** Of a store that is not this plugin's, no word is none: its trouble is its own plugin's. */
  async function isKnown(one: TicketStore, id: string): Promise<boolean | undefined> {
    if (typeof one.knows !== 'function') return undefined
    const known = ask(async () => one.knows?.(id), { hide: [id] })
    return one === store ? known : known.catch(() => undefined)
  }

  /** What came when its taker had been turned away goes back, so that the answer can be sent again. */
  const putBack = (record: Kept, address?: string): void => void put(record, address).catch(() => undefined)

  function admit(address: string | undefined): void {
    const seconds = quota?.admit(address)
    if (seconds !== undefined) throw GeetestError.because('unavailable', seconds)
  }

  return {
    admit,
    keep: put,
    async claim(id, kind, by) {
      const asked: StoreAsked<Taken> = {
        late: (taken) => isObject(taken) && putBack(taken),
        hide: [id, by.session],
      }
      return judge(await ask(() => store.take(id), asked), kind, by)
    },
    async claimOwn(ticket, address, by = ticket) {
      admit(address)
      const ttl = ticket.expires + graceOf(ticket) - now()
      const [id, network] = [ticketId(ticket.challenge), networkOf(address)]
      const asked: StoreAsked<Taken> = {
        // Nobody else can claim it now; this one's session can.
        late: (taken) => taken !== SPENT && putBack(isObject(taken) ? taken : ticket, address),
        hide: [id, ticket.session, ticket.user, ...placesOf(address)],
      }
      // Checked at construction; a store that lost it since has failed.
      const taken = await ask(() => (store as Required<TicketStore>).claim(id, ttl, network), asked)
      return taken === undefined ? ticket : judge(taken, 'ticket', by)
    },
    async reserve(challenge, ttl) {
      const [id, issued] = [ticketId(challenge), now()]
      // Of no session, and nothing that an answer could be judged by.
      const nobodys = { mode: 'online', gt, scene, session: '', user: '', issued, expires: issued + ttl }
      await ask(() => store.put(id, { kind: 'successor', left: 0, ...nobodys }, ttl + GRACE_MS, 'unknown'), {
        hide: [id],
      })
    },
    async isNobodys(challenge, where) {
      const id = ticketId(challenge)
      const asked = storesOf(gt, store).filter((one) => where !== 'elsewhere' || one !== store)
      const known = await Promise.all(asked.map((one) => isKnown(one, id)))
      return known.every((one) => one === false)
    },
    knowsAll: typeof store.claim === 'function' && typeof store.knows === 'function',
  }
}

const graceOf = ({ resets }: Ticket): number => (resets === undefined ? GRACE_MS : SUCCESSOR_GRACE_MS)

function idOf(record: Kept): [id: string, grace: number] {
  if (record.kind === 'ticket') return [ticketId(record.challenge), graceOf(record)]
  return [record.kind === 'pass' ? passId(record) : successorId(record), 0]
}

/** What would say where a visitor is. */
const placesOf = (address: string | undefined): string[] =>
  address === undefined ? [] : [address, networkOf(address)].filter((place) => place !== 'unknown')

const isObject = (taken: Taken | null): taken is Kept => typeof taken === 'object' && taken !== null

const isTicket = (record: Kept): record is Ticket => record.kind === 'ticket'

/** Also where a store of the user's own says `null`, or keeps something else under our ids. */
function isKind<K extends Kind>(taken: Taken | null, kind: K): taken is OfKind<K> {
  return typeof taken === 'object' && taken?.kind === kind
}
