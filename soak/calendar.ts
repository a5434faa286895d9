/** What can be out of order. A killed server process is neither: whoever talked to it knows. */
export type Part = 'cloud' | 'store'

/** From when to when something was broken on purpose, in ms since 1970. */
export interface Disturbance {
  readonly part: Part
  readonly what: string
  readonly begun: number
  /** `Infinity` while it lasts. */
  ended: number
}

/**
 * So long after its end, in milliseconds, a disturbance may still be felt. Redis: the promise that the site is back to normal
 * within two seconds. The cloud: calls that were under way end by their deadline of a second and a half.
 */
export const FELT_MS = 2000

/** The record of what was broken when. */
export interface Calendar {
  readonly disturbances: readonly Disturbance[]
  /** Write it down before anything breaks; call what is returned after it is mended. */
  begin(part: Part, what: string): () => void
  /** The parts that were out of order, or felt so, at any time between. */
  touching(from: number, to: number): ReadonlySet<Part>
}

export function createCalendar(now: () => number): Calendar {
  const disturbances: Disturbance[] = []
  return {
    disturbances,
    begin(part, what) {
      const disturbance = { part, what, begun: now(), ended: Infinity }
      disturbances.push(disturbance)
      return () => void (disturbance.ended = now())
    },
    touching: (from, to) =>
      new Set(
        disturbances.filter(({ begun, ended }) => begun <= to && from <= ended + FELT_MS).map(({ part }) => part),
      ),
  }
}
