/** What became of those who could not have a call at once, over about a second. */
export interface Waits {
  /** Visitors who got their call after a wait. */
  readonly waited: number
  /** Visitors who were sent away. */
  readonly refused: number
  /** The longest wait of them all, in seconds. */
  readonly seconds: number
}

/** So many milliseconds are summed up in one. */
const SUMMED_MS = 1000

/** Sums up waits, so that a flood makes no flood of events. @param tell called at most once a second, and only after somebody had to wait */
export function createTally(later: (ms: number, act: () => void) => unknown, tell: (waits: Waits) => void) {
  let sum: Waits | undefined

  function finish(): void {
    if (sum !== undefined) tell(sum)
    sum = undefined
  }

  return (ms: number, refused: boolean): void => {
    if (sum === undefined) later(SUMMED_MS, finish)
    const { waited, refused: before, seconds } = sum ?? { waited: 0, refused: 0, seconds: 0 }
    sum = {
      waited: waited + (refused ? 0 : 1),
      refused: before + (refused ? 1 : 0),
      seconds: Math.max(seconds, ms / 1000),
    }
  }
}
