import { isLooked, looksHold, type BypassSettings, type Looked } from './bypass'
import { sha256 } from './digest'
import type { Endpoint } from './cloud'
import type { Counters } from './fairness/counters'
import { alone, createExchange, isWord, PROBE_EVERY_MS, type Board, type Exchange, type Word } from './outage'
import type { StoreCall } from './store-call'
import type { TicketStore } from './tickets'

/** What the nodes of one site share beside tickets: what is known of the cloud, and how often networks have asked. */
export interface Sharing {
  /** Of one endpoint of the cloud. */
  readonly outage: (endpoint: Endpoint) => Exchange<Word>
  readonly bypass: Exchange<Looked>
  readonly counters: Counters | undefined
  /** Where nodes tell each other of themselves. */
  readonly nodes: Meeting | undefined
}

/** Where nodes meet, and who is one. */
export interface Meeting {
  readonly board: Pick<Board, 'read' | 'post'>
  readonly owner: object
  readonly prefix: string
}

export interface SharingSettings {
  readonly captchaId: string
  readonly apiServer: string
  readonly timeout: number
  readonly bypass: BypassSettings | false
  /** Whatever else it can do is found out here. */
  readonly store: TicketStore
}

/** So many probes may be lost before nobody believes in an outage any more. */
const LOST_PROBES = 3

/** A store that can do more than keep tickets is asked to; with any other, a node goes by what it sees itself. */
export function sharing({ captchaId, apiServer, timeout, bypass, store }: SharingSettings, ask: StoreCall): Sharing {
  const board = isBoard(store) ? store : undefined
  // An outage is of one cloud as one id sees it, with the same patience; every scene of that id may know.
  const about = sha256(`${apiServer} ${captchaId} ${timeout}`).slice(0, 16)
  const holds = (PROBE_EVERY_MS * 1.2 + timeout) * LOST_PROBES
  return {
    outage: (endpoint) =>
      board
        ? createExchange({ board, ask, topic: `outage:${about}:${endpoint}`, holds, every: PROBE_EVERY_MS, isWord })
        : alone(),
    bypass:
      board && bypass
        ? createExchange({
            board,
            ask,
            topic: `bypass:${sha256(`${bypass.url} ${captchaId}`).slice(0, 16)}`,
            holds: looksHold(bypass.interval, timeout),
            every: bypass.interval,
            isWord: isLooked,
          })
        : alone(),
    counters: isCounters(store) ? store : undefined,
    nodes: meetingOf(store),
  }
}

const has = (store: object, names: readonly string[]): boolean =>
  names.every((name) => typeof (store as Record<string, unknown>)[name] === 'function')

/** Of a store that has a place for it, as RedisStore has. */
function meetingOf(store: object): Meeting | undefined {
  const { nodes, owner = store, prefix = '' } = store as { nodes?: Meeting['board']; owner?: object; prefix?: unknown }
  return nodes && { board: nodes, owner, prefix: String(prefix) }
}

const isBoard = (store: object): store is Board => has(store, ['read', 'post', 'lease', 'watch'])
const isCounters = (store: object): store is Counters => has(store, ['counter'])
