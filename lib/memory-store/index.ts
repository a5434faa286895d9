import type { Kept, Taken, TicketStore } from '../tickets'
import { Chain } from './chain'
import { entries, markOf, takeFrom, type Entry } from './entry'

/** Settings of a `MemoryStore`. */
export interface MemoryStoreOptions {
  /** Most records kept at once. Default 100,000 (about 35 MB); a whole number from 1. */
  readonly limit?: number
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number
}

/** How many of the oldest entries each `put` looks at: two for one keeps up with any rate without a timer. */
const SWEEP = 2
/** How many modest networks' entries may be spared in a row: a bound on what one `put` can cost. */
const MOST_SPARED = 1000

/**
 * The default store: one process, bounded in number and time, atomic because it never waits.
 *
 * When it is full, room is made at the expense of networks that hold at least the average: a flood from a few addresses
 * drives out its own records, and an honest visitor's stay.
 */
export class MemoryStore implements TicketStore {
  readonly #entries = new Map<string, Entry>()
  readonly #chain = new Chain<Entry>()
  /** How many entries each network has. */
  readonly #networks = new Map<string, number>()
  readonly #entryOf = entries()
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

  put(id: string, record: Kept, ttl: number, network = 'unknown'): void {
    this.#keep(this.#entryOf(id, record, this.#now() + ttl, network))
  }

  take(id: string): Taken {
    const entry = this.#entries.get(id)
    return entry === undefined || entry.until <= this.#now() ? undefined : takeFrom(entry)
  }

  claim(id: string, ttl: number, network = 'unknown'): Taken {
    const taken = this.take(id)
    if (taken === undefined) this.#keep(markOf(id, this.#now() + ttl, network))
    return taken
  }

  #keep(entry: Entry): void {
    const former = this.#entries.get(entry.id)
    if (former !== undefined) this.#remove(former) // so that a renewed record moves to the young end
    this.#sweep()
    if (this.#entries.size >= this.#limit) this.#evict()
    this.#entries.set(entry.id, entry)
    this.#chain.append(entry)
    this.#networks.set(entry.network, this.#held(entry.network) + 1)
  }

  #held(network: string): number {
    return this.#networks.get(network) ?? 0
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.id)
    this.#chain.remove(entry)
    const left = this.#held(entry.network) - 1
    if (left === 0) this.#networks.delete(entry.network)
    else this.#networks.set(entry.network, left)
  }

  #sweep(): void {
    for (let seen = 0; seen < SWEEP; seen++) {
      const { oldest } = this.#chain
      if (oldest === undefined || oldest.until > this.#now()) return
      this.#remove(oldest)
    }
  }

  /** Oldest first, but a modest network's record gets a second chance at the young end. */
  #evict(): void {
    for (let spared = 0; ; spared++) {
      const { oldest } = this.#chain
      if (oldest === undefined) return
      const modest = this.#held(oldest.network) * this.#networks.size < this.#entries.size
      if (!modest || oldest.until <= this.#now() || spared === MOST_SPARED) return this.#remove(oldest)
      this.#chain.remove(oldest)
      this.#chain.append(oldest)
    }
  }
}
