import { ALONE, type Exchange } from './exchange'
import {
  GOOD_PROBES,
  isOutage,
  PROBE_EVERY_MS,
  remember,
  windowOf,
  type Observation,
  type Outcome,
  type CallWindow,
} from './rule'

/** Tells how a call ended. A report on a call from before the last change of state is ignored: late answers lose. */
export type Report = (outcome: Outcome) => void

/** What is known of an outage; one node's is every node's. */
export interface Down {
  /** When it was noticed, in ms since 1970. */
  readonly since: number
  readonly cause: string
  /** Good probes in a row. */
  readonly good: number
}

export function isDown(value: unknown): value is Down {
  if (typeof value !== 'object' || value === null) return false
  const { since, cause, good } = value as Record<string, unknown>
  return typeof since === 'number' && typeof cause === 'string' && typeof good === 'number'
}

/** What calls and probes say. Each state holds its own data. */
export type Measured =
  | { readonly mode: 'up'; readonly since: number; readonly seen: readonly Observation[] }
  | ({ readonly mode: 'down' } & Down)

/** The world outside, as the machine needs it. */
export interface MachineParts {
  /** Asks the cloud for something cheap. Never rejects. */
  readonly probe: () => Promise<Outcome>
  readonly now: () => number
  /** Calls back after that many milliseconds, without keeping the process alive; returns the way to call it off. */
  readonly later: (ms: number, act: () => void) => () => void
  /** A number from 0 to 1, for jitter. */
  readonly chance: () => number
  /** The other nodes. */
  readonly exchange: Exchange<Down>
  /** Called after every change of mode. */
  readonly onChange: () => void
}

/** How a probe ended, and when, in ms since 1970. */
export interface Probed {
  readonly at: number
  /** `ok`, or why there was no answer. */
  readonly outcome: string
}

export interface Machine {
  readonly state: Measured
  /** Empty while down: then probes decide. */
  readonly window: CallWindow
  /** This node's own last one, if it has made any. */
  readonly lastProbe: Probed | undefined
  /** A call begins now; tell how it ended. */
  readonly begin: () => Report
  /** Stops probing, and hears nobody any more. */
  readonly stop: () => void
}

/**
 * Keeps the state and moves it; *when* to move is the rule's business. While down it probes, one probe at a time, and of
 * several nodes one at a time.
 */
export function createMachine({ probe, now, later, chance, exchange, onChange }: MachineParts): Machine {
  /** Counts changes of state: what began before the last one is void. */
  let epoch = 0
  let state: Measured = { mode: 'up', since: now(), seen: [] }
  let lastProbe: Probed | undefined
  let cancelProbe: (() => void) | undefined
  let stopped = false

  function enter(next: Measured): void {
    const changed = next.mode !== state.mode
    state = next
    epoch++
    cancelProbe?.()
    if (next.mode === 'down') scheduleProbe()
    if (changed) onChange()
  }

  /** Jitter only ever adds, so that the interval stays a promise. */
  function scheduleProbe(): void {
    if (!stopped) cancelProbe = later(PROBE_EVERY_MS * (1 + chance() / 5), () => void look())
  }

  /** What is said goes for this node too; silence means that nobody knows of an outage any more. */
  function heed(word: Down | undefined | typeof ALONE): void {
    if (word === ALONE) return
    if (word !== undefined) enter({ mode: 'down', ...word })
    else if (state.mode === 'down') enter({ mode: 'up', since: now(), seen: [] })
  }

  async function listen(): Promise<void> {
    const begun = epoch
    const word = await exchange.read()
    if (epoch === begun && !stopped) heed(word)
  }

  /** One look at the cloud, by whichever node has leave; the others learn what it saw. */
  async function look(): Promise<void> {
    const begun = epoch
    const isVoid = (): boolean => epoch !== begun || stopped
    const leave = await exchange.lease()
    if (isVoid()) return
    if (leave !== undefined) await conclude(await ask(), leave.fence, isVoid)
    else await listen()
    // Still the same, and nothing has set the next look.
    if (!isVoid()) scheduleProbe()
  }

  async function ask(): Promise<Outcome> {
    const outcome = await probe()
    lastProbe = { at: now(), outcome: outcome ?? 'ok' }
    return outcome
  }

  async function conclude(outcome: Outcome, fence: number | undefined, isVoid: () => boolean): Promise<void> {
    if (isVoid() || state.mode === 'up') return
    const { since, cause } = state
    const good = outcome === undefined ? state.good + 1 : 0
    const word = good >= GOOD_PROBES ? undefined : { since, cause: outcome ?? cause, good }
    const stands = await exchange.post(word, fence)
    if (isVoid()) return
    // A node that was stalled over its lease is overruled.
    if (stands) heed(word)
    else await listen()
  }

  const stopWatching = exchange.watch(() => void listen())
  // An outage that began before this node did.
  void listen()

  return {
    get state() {
      return state
    },
    get window() {
      return windowOf(state.mode === 'up' ? state.seen : [], now())
    },
    get lastProbe() {
      return lastProbe
    },
    begin() {
      const begun = epoch
      return (cause) => {
        if (state.mode !== 'up' || epoch !== begun) return
        const seen = remember(state.seen, { at: now(), cause })
        state = { ...state, seen }
        if (cause === undefined || !isOutage(seen)) return
        const down = { since: now(), cause, good: 0 }
        enter({ mode: 'down', ...down })
        void exchange.post(down)
      }
    },
    stop() {
      stopped = true
      cancelProbe?.()
      stopWatching()
    },
  }
}
