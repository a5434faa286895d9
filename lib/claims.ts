import { GeetestError, type Reason } from './errors'
import { networkOf } from './network'
import { passId, SPENT, ticketId, type Kept, type Taken, type TicketStore } from './tickets'

/** How long an expired ticket is still remembered, so that its denial reads `expired` and not `unknown_challenge`. */
const GRACE_MS = 300_000

type Kind = Kept['kind']
type OfKind<K extends Kind> = Extract<Kept, { kind: K }>

/** The store, with the rules of who may take what. Rejects with `store_error` where the store fails. */
export interface Claims {
  keep(record: Kept, address: string | undefined): Promise<void>
  /** Takes what is kept under `id`, if this session may use it here and now; else says why not. It is gone either way. */
  claim<K extends Kind>(id: string, kind: K, session: string): Promise<OfKind<K> | Reason>
}

export interface ClaimsParts {
  readonly store: TicketStore
  readonly gt: string
  readonly scene: string
  readonly now: () => number
  /** Longest wait for the store, in milliseconds. */
  readonly timeout: number
  readonly later: (ms: number, act: () => void) => () => void
  /** Told what the store threw; the visitor only learns that it did. */
  readonly onStoreError: (error: unknown) => void
}

export function createClaims({ store, gt, scene, now, timeout, later, onStoreError }: ClaimsParts): Claims {
  async function attempt<T>(act: () => T | Promise<T>): Promise<T> {
    try {
      const answer = act()
      // Any thenable: stores bring promises of their own.
      return isThenable(answer) ? await inTime(Promise.resolve(answer)) : answer
    } catch (error) {
      onStoreError(error)
      throw GeetestError.because('store_error')
    }
  }

  /** A store that hangs has failed; the one in memory never gets here. */
  function inTime<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = later(timeout, () => reject(new Error(`the store did not answer within ${timeout} ms`)))
      answer.finally(cancel).then(resolve, reject)
    })
  }

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
      return attempt(() => store.put(id, record, record.expires + grace - now(), networkOf(address)))
    },
    async claim(id, kind, session) {
      return judge(await attempt(() => store.take(id)), kind, session)
    },
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** Also where a store of the user's own says `null`, or keeps something else under our ids. */
function isKind<K extends Kind>(taken: Taken | null, kind: K): taken is OfKind<K> {
  return typeof taken === 'object' && taken?.kind === kind
}
