/** What did not hold: of which promise, and the case. */
export type Offend = (promise: string, what: string) => void

export interface Offences {
  readonly offend: Offend
  /** How often each promise was broken, and the first cases. */
  readonly list: ReadonlyMap<string, { count: number; readonly cases: string[] }>
}

const MOST_CASES = 20

export function createOffences(now: () => number): Offences {
  const list = new Map<string, { count: number; readonly cases: string[] }>()
  return {
    list,
    offend(promise, what) {
      const offence = list.get(promise) ?? { count: 0, cases: [] }
      list.set(promise, offence)
      offence.count += 1
      if (offence.cases.length < MOST_CASES)
        offence.cases.push(`${new Date(now()).toISOString().slice(11, 23)} ${what}`)
    },
  }
}
