import { NetworkTree } from '../network-tree'
import type { Kept, Taken, TicketStore } from '../tickets'
import { Chain } from './chain'
import { entries, isTrace, leaveTrace, markOf, takeFrom, type Entry } from './entry'
import { joinHome, leaveHome } from './home'
import { Sessions } from './sessions'

/** Settings of a `MemoryStore`. */
export interface MemoryStoreOptions {
  /** Most records kept at once. Default 100,000 (about 35 MB); a whole number from 1. */
  readonly limit?: number
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number
}

/** How many of the oldest entries each `put` looks at: two for one keeps up with any rate without a timer. */
const SWEEP = 2

/**
 * The default store: one process, bounded in number and time, atomic because it never waits.
 *
 * When it is full, the network that holds the most makes room, with its oldest record: among all /48 of IPv6 and /24 of IPv4, and
 * within that among its parts. A flood drives out its own records, and those of an office, however many and old, stay. One session
 * holds at most 64 outstanding tickets, 4 of a downtime captcha; its oldest make room.
 */
export class MemoryStore implements TicketStore {
  /** It makes room by itself, so that nobody needs to be refused. */
  readonly recordLimit = Infinity
  readonly #entries = new Map<string, Entry>()
  readonly #chain = new Chain<Entry>()
  readonly #networks = new NetworkTree<Entry>()
  readonly #sessions = new Sessions()
  readonly #entryOf = entries()
  readonly #limit: number
  readonly #now: () => number
  /** Until then something of an issued challenge would still be here that had to make room. */
  #lostUntil = -Infinity

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
    this.#makeRoom(id)
    const entry = this.#entryOf(id, record, this.#now() + ttl, this.#networks.add(network))
    this.#append(entry)
    if (!isOutstanding(entry)) return
    const driven = this.#sessions.add(entry, record)
    if (driven === undefined) return
    // One that was posted before leaves its mark, so that it cannot be claimed anew.
    if (driven.common.unjudged) this.#spend(driven)
    else {
      this.#sessions.remove(driven)
      leaveTrace(driven)
    }
  }

  take(id: string): Taken {
    const entry = this.#entries.get(id)
    return entry === undefined || entry.until <= this.#now() || isTrace(entry) ? undefined : this.#spend(entry)
  }

  claim(id: string, ttl: number, network = 'unknown'): Taken {
    const taken = this.take(id)
    if (taken !== undefined) return taken
    this.#makeRoom(id)
    this.#append(markOf(id, this.#now() + ttl, this.#networks.add(network)))
    return undefined
  }

  knows(id: string): boolean | undefined {
    if (this.#entries.has(id)) return true
    return this.#now() < this.#lostUntil ? undefined : false
  }

  #spend(entry: Entry): Taken {
    if (isOutstanding(entry)) this.#sessions.remove(entry)
    return takeFrom(entry)
  }

  /** What is renewed moves to the young end. */
  #makeRoom(id: string): void {
    const former = this.#entries.get(id)
    if (former !== undefined) this.#remove(former)
    for (let seen = 0; seen < SWEEP && this.#isOver(this.#chain.oldest); seen++) this.#remove(this.#chain.oldest)
    if (this.#entries.size < this.#limit) return
    const { oldest } = this.#chain
    const victim = this.#isOver(oldest) ? oldest : this.#networks.largest()?.oldest
    if (victim === undefined) return
    if (victim.common.kind !== 'pass') this.#lostUntil = Math.max(this.#lostUntil, victim.until)
    this.#remove(victim)
  }

  #isOver(entry: Entry | undefined): entry is Entry {
    return entry !== undefined && entry.until <= this.#now()
  }

  #append(entry: Entry): void {
    this.#entries.set(entry.id, entry)
    this.#chain.append(entry)
    joinHome(entry)
  }

  #remove(entry: Entry): void {
    if (isOutstanding(entry)) this.#sessions.remove(entry)
    this.#entries.delete(entry.id)
    this.#chain.remove(entry)
    leaveHome(entry)
    this.#networks.remove(entry.home)
  }
}

/** A ticket of a session, not taken yet. */
const isOutstanding = ({ text, common }: Entry): boolean =>
  text !== undefined && common.kind === 'ticket' && common.session > 0
