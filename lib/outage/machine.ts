import { GOOD_PROBES, isOutage, PROBE_EVERY_MS, remember, type Observation, type Outcome } from './rule'

/** Tells how a call ended. A report on a call from before the last change of state is ignored: late answers lose. */
export type Report = (outcome: Outcome) => void

/** What our own calls say. Each state holds its own data. */
export type Measured =
  | { readonly mode: 'up'; readonly since: number; readonly seen: readonly Observation[]; readonly epoch: number }
  | { readonly mode: 'down'; readonly since: number; readonly cause: string; readonly good: number }
  | { readonly mode: 'probing'; readonly since: number; readonly cause: string; readonly good: number }

/** The world outside, as the machine needs it. */
export interface MachineParts {
  /** Asks the cloud for something cheap. Never rejects. */
  readonly probe: () => Promise<Outcome>
  readonly now: () => number
  /** Calls back after that many milliseconds, without keeping the process alive; returns the way to call it off. */
  readonly later: (ms: number, act: () => void) => () => void
  /** A number from 0 to 1, for jitter. */
  readonly chance: () => number
  /** Called after every change of mode. */
  readonly onChange: () => void
}

export interface Machine {
  readonly state: Measured
  /** A call begins now; tell how it ended. */
  readonly begin: () => Report
  /** Stops probing. */
  readonly stop: () => void
}

/** Keeps the state and moves it; *when* to move is the rule's business. While down it probes, one probe at a time. */
export function createMachine({ probe, now, later, chance, onChange }: MachineParts): Machine {
  let epoch = 0
  let state: Measured = { mode: 'up', since: now(), seen: [], epoch }
  let cancelProbe: (() => void) | undefined
  let stopped = false

  function open(cause: string): void {
    state = { mode: 'down', since: now(), cause, good: 0 }
    scheduleProbe()
    onChange()
  }

  function close(): void {
    state = { mode: 'up', since: now(), seen: [], epoch: ++epoch }
    onChange()
  }

  /** Jitter only ever adds, so that the interval stays a promise. */
  function scheduleProbe(): void {
    if (stopped) return
    cancelProbe = later(PROBE_EVERY_MS * (1 + chance() / 5), startProbe)
  }

  function startProbe(): void {
    if (state.mode !== 'down') return
    const probing = { ...state, mode: 'probing' as const }
    state = probing
    void probe().then((outcome) => {
      if (state === probing) settleProbe(outcome, probing.good, probing)
    })
  }

  function settleProbe(outcome: Outcome, good: number, { since, cause }: { since: number; cause: string }): void {
    if (outcome === undefined && good + 1 >= GOOD_PROBES) return close()
    state = { mode: 'down', since, cause: outcome ?? cause, good: outcome === undefined ? good + 1 : 0 }
    scheduleProbe()
  }

  return {
    get state() {
      return state
    },
    begin() {
      const begun = epoch
      return (cause) => {
        if (state.mode !== 'up' || state.epoch !== begun) return
        const seen = remember(state.seen, { at: now(), cause })
        state = { ...state, seen }
        if (cause !== undefined && isOutage(seen)) open(cause)
      }
    },
    stop() {
      stopped = true
      cancelProbe?.()
    },
  }
}
