import type { Demand } from './demand'

/** Where one visitor's asks are counted. */
export interface Places {
  /** Networks that each have a limit of their own; others' asks count there too. */
  readonly own: readonly string[]
  /** The network as which the visitor takes part where something is shared out. */
  readonly shared: string
}

/** Which of the places count this ask; neither: they are only looked at. */
export interface Marks {
  readonly own: boolean
  readonly shared: boolean
}

/** What one ask finds: all of it as it was before this ask. */
export interface Counts {
  /** In the order of the places. */
  readonly own: readonly number[]
  readonly shared: number
  /** Of all in this window, and in the one before. */
  readonly demand: Demand
  readonly before: Demand
  /** Milliseconds since the window began. */
  readonly elapsed: number
}

export interface CounterSettings {
  /** Each name is counted for itself. Letters, digits and `:._-`. */
  readonly name: string
  /** How long a window is, in milliseconds. The first ask begins one, and the first after its end the next. */
  readonly ms: number
  /** An ask of whom one of its `own` networks has asked so often already is not counted any more, anywhere. */
  readonly limit: number
  /** Beyond so many asks `shared` is not counted any more. */
  readonly most: number
}

/** Counts how often networks ask for one thing. One ask is one step: of several at the same time each finds another count. */
export interface Counter {
  count(places: Places, marks: Marks): Counts | PromiseLike<Counts>
}

/** Where is counted. A store that several nodes share counts there for all; else each process counts for itself. */
export interface Counters {
  counter(settings: CounterSettings): Counter
}
