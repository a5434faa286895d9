import { SPENT, type Kept, type Taken, type TicketStore } from './tickets'

/** Settings of a `MemoryStore`. */
export interface MemoryStoreOptions {
  /** Most records kept at once; the oldest makes room. Default 100,000 (about 40 MB); a whole number from 1. */
  readonly limit?: number
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number
}

interface Entry {
  record: Kept | typeof SPENT
  readonly expires: number
}

/** How many of the oldest entries each `put` looks at: two for one keeps up with any rate without a timer. */
const SWEEP = 2

/** The default store: one process, bounded in number and time, atomic because it never waits. */
export class MemoryStore implements TicketStore {
  readonly #entries = new Map<string, Entry>()
  readonly #limit: number
  readonly #now: () => number

  constructor({ limit = 100_000, now = Date.now }: MemoryStoreOptions = {}) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`MemoryStore: limit is ${String(limit)}; write a whole number from 1, such as 100000`)
    }
    this.#limit = limit
    this.#now = now
  }

  /** Records kept at the moment, spent and lately expired ones included. */
  get size(): number {
    return this.#entries.size
  }

  put(id: string, record: Kept, ttl: number): void {
    this.#entries.delete(id) // so that a renewed record moves to the young end
    this.#sweep()
    this.#entries.set(id, { record, expires: this.#now() + ttl })
  }

  take(id: string): Taken {
    const entry = this.#entries.get(id)
    if (entry === undefined || entry.expires <= this.#now()) return undefined
    const { record } = entry
    entry.record = SPENT
    return record
  }

  #sweep(): void {
    let seen = 0
    for (const [id, entry] of this.#entries) {
      const full = this.#entries.size >= this.#limit
      if (!full && (seen++ === SWEEP || entry.expires > this.#now())) return
      this.#entries.delete(id)
    }
  }
}
