import type { Counter, Counters, CounterSettings } from '../fairness/counters'
import { later } from '../later'
import { wholeNumber } from '../options'
import type { Board } from '../outage'
import { checkOptions } from '../rules'
import type { Kept, Taken, TicketStore } from '../tickets'
import { asking } from './asking'
import { createBoard } from './board'
import { redisOf, type RedisClient } from './client'
import { createCounters } from './counters'
import { keeping, type Keeping } from './kept'

export { RedisStoreError, type RedisFailure } from './asking'
export type { RedisClient } from './client'

/** Options of a `RedisStore`. */
export interface RedisStoreOptions {
  /** What the name of every key begins with. Default `geetest:`; letters, digits and `:._/-`, at most 64. */
  readonly prefix?: string | undefined
  /**
   * Milliseconds that one command may take. Default 1000; from 50 to 30000. Less than the plugin's own `timeout`, so that a
   * ticket whose taker was not answered in time can be put back.
   */
  readonly timeout?: number | undefined
}

/** The world outside; tests bring their own. */
export interface RedisStoreEffects {
  /** Calls back after that many milliseconds, without keeping the process alive; returns the way to call it off. */
  readonly later: (ms: number, act: () => void) => () => void
}

const RULES = {
  prefix: {
    allows: (value: unknown) => typeof value === 'string' && /^[\w:./-]{1,64}$/.test(value),
    write: 'letters, digits and :._/- (at most 64), such as geetest:',
  },
  timeout: wholeNumber(50, 30_000, 'milliseconds for one command, such as 1000'),
}

const realEffects: RedisStoreEffects = { later }

/**
 * Keeps tickets, passes, the knowledge of an outage and budgets in Redis, for all nodes of a site: from Redis 4 on, over a
 * client of node-redis or ioredis that is yours and stays yours.
 *
 * Every method rejects, at once where the client is not connected, and after `timeout` where Redis does not answer; nothing ever waits
 * in the client's offline queue. Every key expires by itself.
 */
export class RedisStore implements TicketStore, Board, Counters {
  readonly #kept: Keeping
  readonly #board: Board & { close(): void }
  readonly #counters: Counters

  /**
   * @param client listens to its `error` event from now on, so that a lost connection does not end the process
   * @throws GeetestError `invalid_option`, naming what arrived and what to write
   */
  constructor(client: RedisClient, options: RedisStoreOptions = {}, effects: Partial<RedisStoreEffects> = {}) {
    const redis = redisOf(client)
    checkOptions('RedisStore', options, RULES)
    const { prefix = 'geetest:', timeout = 1000 } = options
    const { later } = { ...realEffects, ...effects }
    const ask = asking({ redis, timeout, later })
    this.#kept = keeping(redis, ask, prefix)
    this.#board = createBoard({ redis, ask, prefix, later })
    this.#counters = createCounters(redis, ask, prefix)
  }

  put(id: string, record: Kept, ttl: number): Promise<void> {
    return this.#kept.put(id, record, ttl)
  }

  take(id: string): Promise<Taken> {
    return this.#kept.take(id)
  }

  claim(id: string, ttl: number): Promise<Taken> {
    return this.#kept.claim(id, ttl)
  }

  read(topic: string): Promise<string | undefined> {
    return this.#board.read(topic)
  }

  post(topic: string, text: string | undefined, ms: number, fence?: number): Promise<boolean> {
    return this.#board.post(topic, text, ms, fence)
  }

  lease(topic: string, ms: number): Promise<number | undefined> {
    return this.#board.lease(topic, ms)
  }

  watch(topic: string, listener: () => void): () => void {
    return this.#board.watch(topic, listener)
  }

  counter(settings: CounterSettings): Counter {
    return this.#counters.counter(settings)
  }

  /** Ends the connection that watching has opened, if any; nobody is told anything any more. Your client stays open. */
  close(): void {
    this.#board.close()
  }
}
