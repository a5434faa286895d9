import { createMachine, type MachineParts, type Probed, type Report } from './machine'
import type { CallWindow } from './rule'

export type { Board } from './board'
export { ALONE, alone, createExchange, type Exchange } from './exchange'
export { isDown, type Down, type Probed, type Report } from './machine'
export { PROBE_EVERY_MS, type CallWindow } from './rule'

/** Whether the cloud answers, since when, and why we think so. */
export interface CloudStatus {
  readonly mode: 'up' | 'down'
  /** When this mode began, in ms since 1970. */
  readonly since: number
  /**
   * Why. While down: `timeout`, `network`, `status`, `garbage` or `id_refused` from our own calls, `vendor_status` from
   * the vendor's status page. `forced: <reason>` where an operator said so, in either mode.
   */
  readonly cause?: string
}

/** An operator's word, which outweighs everything measured until it expires. */
export interface Order {
  readonly mode: 'up' | 'down'
  /** Why, for the people who will read `status` and the events. */
  readonly reason: string
  /** How long it holds, in seconds. */
  readonly seconds: number
}

export interface Outage {
  readonly status: CloudStatus
  /** What our own calls say, whatever anybody else says. Empty while they have said that it is down: then probes decide. */
  readonly window: CallWindow
  /** This node's own last probe, if it has made any. */
  readonly lastProbe: Probed | undefined
  /** Leave to ask the cloud for a challenge, to be answered with a report; `undefined` while it is down. */
  readonly admit: () => Report | undefined
  /** A report on a call that is made in either state, because nobody else could answer it. */
  readonly observe: () => Report
  /** Sets or, with `undefined`, lifts an operator's order. */
  readonly force: (order: Order | undefined) => void
  /** What the vendor's status page says, good for `ms` milliseconds; silence after that means nothing. */
  readonly advise: (mode: 'up' | 'down', ms: number) => void
  /** Ends probing. */
  readonly close: () => void
}

export interface OutageParts extends Omit<MachineParts, 'onChange'> {
  readonly onChange: (status: CloudStatus) => void
}

/** What somebody says, until when. */
type Word = CloudStatus & { readonly until: number }

/** Is the cloud down? An operator knows best, then the vendor's status page where it says so, then our own calls. */
export function createOutage({ onChange, ...world }: OutageParts): Outage {
  const { now, later } = world
  const machine = createMachine({ ...world, onChange: tell })
  let order: Word | undefined
  let advice: Word | undefined
  let told: CloudStatus['mode'] = 'up'
  let cancelExpiry: (() => void) | undefined
  let closed = false

  function current(): CloudStatus {
    const word = [order, advice].find((one) => one !== undefined && now() < one.until)
    if (word === undefined) return measured()
    const { mode, since, cause } = word
    return { mode, since, ...(cause !== undefined && { cause }) }
  }

  function measured(): CloudStatus {
    const { state } = machine
    return state.mode === 'up'
      ? { mode: 'up', since: state.since }
      : { mode: 'down', since: state.since, cause: state.cause }
  }

  /** Tells of a change of what holds in the end, whoever brought it about. */
  function tell(): void {
    const status = current()
    if (status.mode === told) return
    told = status.mode
    onChange(status)
  }

  /** A word that expires changes what holds without anybody calling, so somebody must look then. */
  function listen(): void {
    cancelExpiry?.()
    if (closed) return
    const ends = [order, advice].flatMap((one) => (one !== undefined && now() < one.until ? one.until - now() : []))
    if (ends.length > 0) cancelExpiry = later(Math.min(...ends), listen)
    tell()
  }

  return {
    get status() {
      return current()
    },
    get window() {
      return machine.window
    },
    get lastProbe() {
      return machine.lastProbe
    },
    admit: () => (current().mode === 'up' ? machine.begin() : undefined),
    observe: () => machine.begin(),
    force(given) {
      order = given && { ...given, since: now(), cause: `forced: ${given.reason}`, until: now() + given.seconds * 1000 }
      listen()
    },
    advise(mode, ms) {
      const since = advice !== undefined && now() < advice.until ? advice.since : now()
      advice = mode === 'down' ? { mode, since, cause: 'vendor_status', until: now() + ms } : undefined
      listen()
    },
    close() {
      closed = true
      machine.stop()
      cancelExpiry?.()
    },
  }
}
