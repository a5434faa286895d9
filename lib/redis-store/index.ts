import type { Counter, Counters, CounterSettings } from '../fairness/counters'
import { later } from '../later'
import { wholeNumber } from '../options'
import type { Board } from '../outage'
import { randomBytes } from '../random'
import { checkOptions } from '../rules'
import { mostOutstanding, type Kept, type Taken, type TicketStore } from '../tickets'
import { asking } from './asking'
import { createBoard } from './board'
import { createNodesBoard, type NodesBoard } from './nodes'
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
   * Milliseconds that one command may take. Default 1000; from 50 to 30000. The plugin waits for a store at least as long as the
   * store itself does, whatever its own `timeout` is.
   */
  readonly timeout?: number | undefined
  /**
   * Most tickets that this process may leave in Redis within ten minutes, each of about 500 bytes with its session's list. Default
   * 100,000; a whole number from 100 to 100,000,000. They are shared out fairly: a network, at every level (an IPv4 address and its /24,
   * an IPv6 /64, /56 and /48), may hold an eighth of what is left, and at least 20. Who wants more gets 429 `unavailable`.
   */
  readonly recordLimit?: number | undefined
}

/** The world outside; tests bring their own. */
export interface RedisStoreEffects {
  /** Calls back after that many milliseconds, without keeping the process alive; returns the way to call it off. */
  readonly later: (ms: number, act: () => void) => () => void
  /** That many unpredictable bytes. */
  readonly random: (size: number) => Buffer
}

const RULES = {
  prefix: {
    allows: (value: unknown) => typeof value === 'string' && /^[\w:./-]{1,64}$/.test(value),
    write: 'letters, digits and :._/- (at most 64), such as geetest:',
  },
  timeout: wholeNumber(50, 30_000, 'milliseconds for one command, such as 1000'),
  recordLimit: wholeNumber(100, 100_000_000, 'tickets within ten minutes, such as 100000'),
}

const owners = new WeakMap<object, object>()

/** Not the client itself, which carries an address and a password that nobody is to print. */
function ownerOf(client: object): object {
  const owner = owners.get(client) ?? {}
  owners.set(client, owner)
  return owner
}

/** The same for all, whatever their own prefix. */
const NODES_PREFIX = 'geetest-site:'

const realEffects: RedisStoreEffects = { later, random: randomBytes }

/**
 * Keeps tickets, passes, the knowledge of an outage and budgets in Redis, for all nodes of a site: from Redis 4 on, over a
 * client of node-redis or ioredis that is yours and stays yours.
 *
 * A client may send a command again that a lost connection has not answered, as ioredis does: what was done once is not done twice. An
 * answer that was taken and reached nobody is put back as soon as Redis can be asked.
 *
 * Every method rejects, at once where the client is not connected, and after `timeout` where Redis does not answer; nothing ever waits
 * in the client's offline queue. Every key expires by itself.
 */
export class RedisStore implements TicketStore, Board, Counters {
  /** Milliseconds after which it has answered or rejected, whatever it is asked. */
  readonly timeout: number
  readonly recordLimit: number
  /** What keys begin with. */
  readonly prefix: string
  /** Where nodes of a site tell each other of themselves, whatever their prefix. */
  readonly nodes: NodesBoard
  /** Stands for the client, by which plugins of one process are known to be one node. */
  readonly owner: object
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
    const { prefix = 'geetest:', timeout = 1000, recordLimit = 100_000 } = options
    const { later, random } = { ...realEffects, ...effects }
    this.timeout = timeout
    this.recordLimit = recordLimit
    const ask = asking({ redis, timeout, later })
    this.#kept = keeping({ redis, ask, prefix, random, mostOf: mostOutstanding })
    this.#board = createBoard({ redis, ask, prefix, later })
    this.prefix = prefix
    this.nodes = createNodesBoard(createBoard({ redis, ask, prefix: NODES_PREFIX, later }), this.#board)
    this.owner = ownerOf(client)
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

  knows(id: string): Promise<boolean | undefined> {
    return this.#kept.knows(id)
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
