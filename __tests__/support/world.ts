import { randomBytes } from 'node:crypto'
import type { Effects } from '../../lib'

/** A clock that stands still until it is moved, with timers that ring when it passes them. */
export interface World extends Effects {
  time: number
  /** Timers that have not rung yet. */
  readonly waiting: number
  /** Moves the clock and rings what is due, in order. */
  advance(ms: number): void
}

/** Timers go on where the clock is set back. */
export interface FakeWorld extends World {
  /** Rings every timer that waits, without moving the clock. */
  ring(): void
}

export function fakeWorld(): FakeWorld {
  let timers: { at: number; act: () => void }[] = []
  const world: FakeWorld = {
    time: 1_000_000,
    now: () => world.time,
    random: randomBytes,
    later(ms, act) {
      const timer = { at: world.time + ms, act }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    get waiting() {
      return timers.length
    },
    ring() {
      const due = timers
      timers = []
      for (const { act } of due) act()
    },
    advance(ms) {
      const end = world.time + ms
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        timers = timers.filter((one) => one !== next)
        world.time = next.at
        next.act()
      }
      world.time = end
    },
  }
  return world
}

/** Waits for something that happens by itself, without guessing how long it takes. */
export const until = (happened: () => boolean): Promise<void> => eventually(() => Promise.resolve(happened()))

/** The same for what must be asked for. What never happens fails, so that it does not go on behind the next tests. */
export async function eventually(happened: () => Promise<boolean>): Promise<void> {
  const begun = clock()
  while (!(await happened())) {
    if (clock() - begun > NEVER_MS) throw new Error('what the test waits for did not happen')
    await new Promise(setImmediate)
  }
}

/** Longer than any test may take. */
const NEVER_MS = 30_000
/** The real one, wherever a test has put another in its place. */
const clock = performance.now.bind(performance)
