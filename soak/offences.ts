/** Everything that must never be. */
export const OFFENCES = [
  // By the audit.
  'false accept',
  'double accept',
  'books differ',
  // By what the crowd was answered.
  'accepted, but must not be',
  'accepted more than once',
  'wrong answer while healthy',
  'wrong answer while the cloud alone is broken',
  '503 while healthy',
  'no code, or no 503',
  'no reply',
  'connection broken by nobody',
  // By the processes themselves.
  'crash',
  'trouble in a server process',
  'memory grows',
  // A run in which that did not happen says nothing.
  'nothing shown',
] as const
export type Offence = (typeof OFFENCES)[number]

/** Puts a case on record. */
export type Offend = (offence: Offence, what: string) => void

/** How often something was, and the first cases. */
export interface Cases {
  count: number
  readonly cases: string[]
}

export interface Offences {
  readonly offend: Offend
  readonly list: ReadonlyMap<Offence, Cases>
}

const MOST_CASES = 20

export function createOffences(now: () => number): Offences {
  const list = new Map<Offence, Cases>()
  return {
    list,
    offend(offence, what) {
      const found = list.get(offence) ?? { count: 0, cases: [] }
      list.set(offence, found)
      found.count += 1
      if (found.cases.length < MOST_CASES) found.cases.push(`${new Date(now()).toISOString().slice(11, 23)} ${what}`)
    },
  }
}
