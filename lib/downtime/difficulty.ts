/** How hard the puzzles are: so many of them, each taking `hashes` tries on average. */
export interface Difficulty {
  readonly count: number
  readonly hashes: number
}

/** Many small puzzles instead of one large: little variance, and progress that is honest. */
export const PUZZLES = 32

/** 2^19 hashes in all: about a fifth of a second on a desktop, well under two on a slow phone. */
export const BASE_HASHES = 2 ** 14

/** How far pressure may raise the work: eightfold. Beyond that, phones would suffer more than bots; budgets take over. */
const CEILING = 8

/** Issues in a minute that count as a normal outage, for one process. */
const CALM_ISSUES = 600
/** A denial weighs as much as this many issues: one address within its budget moves nothing, ten do. */
const DENIAL_WEIGHT = 5
const MINUTE = 60_000

/** How much is going on, counted in the current minute and the one before, weighed by how much of it is still recent. */
export interface Pressure {
  issued(): void
  denied(): void
  /** By how much the base work is multiplied now: 1, 2, 4 or 8. */
  readonly factor: number
}

export function createPressure(now: () => number): Pressure {
  let minute = 0
  let current = 0
  let previous = 0

  function turn(): void {
    const today = Math.floor(now() / MINUTE)
    if (today === minute) return
    previous = today === minute + 1 ? current : 0
    current = 0
    minute = today
  }
  function add(weight: number): void {
    turn()
    current += weight
  }

  return {
    issued: () => add(1),
    denied: () => add(DENIAL_WEIGHT),
    get factor() {
      turn()
      const rate = current + previous * (1 - (now() % MINUTE) / MINUTE)
      const doublings = Math.ceil(Math.log2(Math.max(rate / CALM_ISSUES, 1)))
      return Math.min(2 ** doublings, CEILING)
    },
  }
}
