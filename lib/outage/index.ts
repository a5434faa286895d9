import { createMachine, type Machine, type MachineParts, type Probed, type Report } from './machine'
import type { CallWindow } from './rule'

export type { Board } from './board'
export { ALONE, alone, createExchange, type Exchange } from './exchange'
export { isWord, type Look, type Probed, type Report, type Word } from './machine'
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

/** What our own calls say of one endpoint of the cloud. */
export interface EndpointStatus {
  readonly mode: 'up' | 'down'
  /** This node's calls of the last ten seconds. Empty while down: then probes decide. */
  readonly window: CallWindow
  /** This node's own last look at it, if it has made any. */
  readonly lastProbe?: Probed
}

/** `Name`: the endpoints of the cloud, each of which may fail alone. */
export interface Outage<Name extends string = string> {
  readonly status: CloudStatus
  /** What our own calls say, whatever anybody else says, all endpoints together. */
  readonly window: CallWindow
  /** This node's own last probe, if it has made any. */
  readonly lastProbe: Probed | undefined
  /** The same of each endpoint. */
  readonly endpoints: Readonly<Partial<Record<Name, EndpointStatus>>>
  /** Leave to ask the cloud for a challenge, to be answered with a report; `undefined` while any of it is down. */
  readonly admit: (endpoint: Name) => Report | undefined
  /** A report on a call that is made in either state, because nobody else could answer it. */
  readonly observe: (endpoint: Name) => Report
  /** Sets or, with `undefined`, lifts an operator's order. */
  readonly force: (order: Order | undefined) => void
  /** What the vendor's status page says, good for `ms` milliseconds; silence after that means nothing. */
  readonly advise: (mode: 'up' | 'down', ms: number) => void
  /** Ends probing. */
  readonly close: () => void
}

type EndpointParts = Pick<MachineParts, 'probe' | 'exchange'>

export interface OutageParts<Name extends string> extends Omit<MachineParts, 'onChange' | keyof EndpointParts> {
  readonly endpoints: Readonly<Partial<Record<Name, EndpointParts>>>
  readonly onChange: (status: CloudStatus) => void
}

/** What somebody says, until when. A clock that is set back makes nothing last: a timer, which knows no clock, ends it too. */
interface Said extends CloudStatus {
  readonly until: number
  /** Its timer has rung. */
  ended: boolean
  /** Calls its timer off. */
  readonly forget: () => void
}

/**
 * Is the cloud down? An operator knows best, then the vendor's status page where it says so, then our own calls: it is down where any
 * of its endpoints is.
 */
export function createOutage<Name extends string>({ onChange, endpoints, ...world }: OutageParts<Name>): Outage<Name> {
  const { now, later } = world
  const machines = new Map<string, Machine>()
  for (const [name, own] of Object.entries<EndpointParts | undefined>(endpoints)) {
    if (own !== undefined) machines.set(name, createMachine({ ...world, ...own, onChange: tell }))
  }
  const all = (): Machine[] => [...machines.values()]
  /** When all of it counted as up again. */
  let upSince = now()
  let order: Said | undefined
  let advice: Said | undefined
  let told: CloudStatus['mode'] = 'up'
  let closed = false

  const holds = (one: Said | undefined): one is Said => one !== undefined && !one.ended && now() < one.until

  function current(): CloudStatus {
    const word = [order, advice].find(holds)
    if (word === undefined) return measured()
    const { mode, since, cause } = word
    return { mode, since, ...(cause !== undefined && { cause }) }
  }

  function measured(): CloudStatus {
    const down = all().flatMap(({ state }) => (state.mode === 'down' ? state : []))
    const [first] = down.toSorted((one, other) => one.since - other.since)
    if (first === undefined) return { mode: 'up', since: upSince }
    return { mode: 'down', since: first.since, cause: first.cause }
  }

  function begin(endpoint: Name): Report {
    const machine = machines.get(endpoint)
    if (machine === undefined) throw new TypeError(`there is no endpoint ${endpoint}`)
    return machine.begin()
  }

  /** Tells of a change of what holds in the end, whoever brought it about. */
  function tell(): void {
    if (all().every(({ state }) => state.mode === 'up')) upSince = Math.max(...all().map(({ state }) => state.since))
    const status = current()
    if (status.mode === told) return
    told = status.mode
    onChange(status)
  }

  /** A word that expires changes what holds without anybody calling, so its timer looks then. */
  function say(status: CloudStatus, ms: number): Said {
    const forget = closed
      ? () => undefined
      : later(ms, () => {
          said.ended = true
          tell()
        })
    const said: Said = { ...status, until: now() + ms, ended: false, forget }
    return said
  }

  return {
    get status() {
      return current()
    },
    get window() {
      const windows = all().map(({ window }) => window)
      const sum = (of: keyof CallWindow): number => windows.reduce((before, window) => before + window[of], 0)
      return { calls: sum('calls'), lost: sum('lost') }
    },
    get lastProbe() {
      const probes = all().flatMap(({ lastProbe }) => lastProbe ?? [])
      return probes.toSorted((one, other) => other.at - one.at)[0]
    },
    get endpoints() {
      const entries = [...machines].map(([name, { state, window, lastProbe }]) => {
        const status: EndpointStatus = { mode: state.mode, window, ...(lastProbe !== undefined && { lastProbe }) }
        return [name, status] as const
      })
      return Object.fromEntries(entries) as Partial<Record<Name, EndpointStatus>>
    },
    admit: (endpoint) => (current().mode === 'up' ? begin(endpoint) : undefined),
    observe: begin,
    force(given) {
      order?.forget()
      order = given && say({ mode: given.mode, since: now(), cause: `forced: ${given.reason}` }, given.seconds * 1000)
      if (!closed) tell()
    },
    advise(mode, ms) {
      const since = holds(advice) ? advice.since : now()
      advice?.forget()
      advice = mode === 'down' ? say({ mode, since, cause: 'vendor_status' }, ms) : undefined
      if (!closed) tell()
    },
    close() {
      closed = true
      for (const machine of all()) machine.stop()
      order?.forget()
      advice?.forget()
    },
  }
}
