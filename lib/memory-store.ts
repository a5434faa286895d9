import { SPENT, type Kept, type Taken, type TicketStore } from './tickets'

/** Settings of a `MemoryStore`. */
export interface MemoryStoreOptions {
  /** Most records kept at once. Default 100,000 (about 40 MB); a whole number from 1. */
  readonly limit?: number
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number
}

/** Everything that one network has here. */
interface Network {
  readonly name: string
  records: number
}

interface Entry {
  record: Kept | typeof SPENT
  readonly expires: number
  readonly network: Network
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
  readonly #networks = new Map<string, Network>()
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
    this.#remove(id) // so that a renewed record moves to the young end
    this.#sweep()
    if (this.#entries.size >= this.#limit) this.#evict()
    this.#entries.set(id, { record, expires: this.#now() + ttl, network: this.#holding(network) })
  }

  take(id: string): Taken {
    const entry = this.#entries.get(id)
    if (entry === undefined || entry.expires <= this.#now()) return undefined
    const { record } = entry
    entry.record = SPENT
    return record
  }

  #holding(name: string): Network {
    const network = this.#networks.get(name) ?? { name, records: 0 }
    if (network.records === 0) this.#networks.set(name, network)
    network.records += 1
    return network
  }

  #remove(id: string): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    this.#entries.delete(id)
    entry.network.records -= 1
    if (entry.network.records === 0) this.#networks.delete(entry.network.name)
  }

  #sweep(): void {
    let seen = 0
    for (const [id, entry] of this.#entries) {
      if (seen++ === SWEEP || entry.expires > this.#now()) return
      this.#remove(id)
    }
  }

  /** Oldest first, but a modest network's record gets a second chance at the young end. */
  #evict(): void {
    let spared = 0
    for (const [id, entry] of this.#entries) {
      const modest = entry.network.records * this.#networks.size < this.#entries.size
      if (!modest || entry.expires <= this.#now() || spared++ === MOST_SPARED) return this.#remove(id)
      this.#entries.delete(id)
      this.#entries.set(id, entry)
    }
  }
}
