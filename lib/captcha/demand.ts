/** Visitors of that long ago, in milliseconds, tell how many are to be expected. */
const LATELY_MS = 60_000

/** How many asked lately, counted up to a limit. */
export interface Demand {
  readonly note: () => void
  readonly lately: () => number
}

export function createDemand(most: number, now: () => number): Demand {
  /** When each of the latest asked; the newest last. */
  const asked: number[] = []

  return {
    note() {
      asked.push(now())
      if (asked.length > most) asked.shift()
    },
    lately() {
      while (asked[0] !== undefined && now() - asked[0] >= LATELY_MS) asked.shift()
      return asked.length
    },
  }
}
