import { ok } from 'node:assert/strict'
import type { Kept, Taken, TicketStore } from '../tickets'

/** What the contract needs to know of a store beside the store. */
export interface ContractSettings {
  /**
   * Moves the clock of the stores by that many milliseconds, where they take one. Absent: the contract waits, a few hundred
   * milliseconds in all.
   */
  readonly elapse?: ((ms: number) => unknown) | undefined
  /**
   * `true`: all stores that `makeStore` makes keep their records in the same place, as the nodes of a site do. The contract then
   * puts with one and takes with others, too.
   */
  readonly shared?: boolean | undefined
  /** `true`: the store has `claim`, which version 4 needs. */
  readonly claims?: boolean | undefined
}

export type MakeStore = () => TicketStore | Promise<TicketStore>

/** A store under test, as the cases speak to it. */
export interface Subject {
  /** A further store: of another node where they are shared, else the same one. */
  node(): Promise<Subject>
  put(id: string, record: Kept, ttl?: number): Promise<void>
  take(id: string): Promise<Taken>
  claim(id: string, ttl?: number): Promise<Taken>
  /** Lets that time pass. */
  elapse(ms: number): Promise<void>
  /** Whether time stands still unless it is moved; else nothing can be said about the moment before a record expires. */
  readonly exact: boolean
}

/** Long enough that no record expires while a case is at it. */
const LONG = 600_000
/** Stores may round to their own ticks. */
const MARGIN_MS = 20

export async function subjectOf(make: MakeStore, settings: ContractSettings): Promise<Subject> {
  const { elapse, shared = false } = settings
  const store = await make()
  const subject: Subject = {
    node: () => (shared ? subjectOf(make, settings) : Promise.resolve(subject)),
    put: async (id, record, ttl = LONG) => store.put(id, record, ttl, 'unknown'),
    take: async (id) => store.take(id),
    claim: async (id, ttl = LONG) => {
      ok(typeof store.claim === 'function', 'the store has no method claim(id, ttl, network)')
      return store.claim(id, ttl, 'unknown')
    },
    elapse: async (ms) => void (await (elapse ?? waitLonger)(ms)),
    exact: elapse !== undefined,
  }
  return subject
}

const waitLonger = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms + MARGIN_MS))
