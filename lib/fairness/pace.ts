/**
 * How fast calls may begin. There is no limit until the cloud says that it gets too many (429); from then on there is one, found by
 * what it has answered, and raised until the cloud says so again, or has not said so for a minute.
 */
export interface Pace {
  /** Calls a second, while there is a limit. */
  readonly limit: () => number | undefined
  /** Milliseconds until the next call may begin. */
  readonly wait: () => number
  /** A call begins. */
  readonly begin: () => void
  /** The cloud has answered a call. */
  readonly served: () => void
  /**
   * The cloud has refused a call for being one too many.
   * @param begun when that call began, in ms since 1970 @param pause milliseconds for which the cloud asks to be left alone
   */
  readonly throttled: (begun: number, pause: number) => void
  /** Has `act` called whenever a call may begin; those who asked for it first are called first. */
  readonly onReady: (act: () => void) => void
  /** Somebody waits for that. */
  readonly wake: () => void
}

export interface PaceParts {
  readonly now: () => number
  readonly later: (ms: number, act: () => void) => () => void
}

/** What is left of the pace when the cloud has refused a call. */
const CUT = 0.8
/** Milliseconds until it is again what it was then; it stays near that for a while, and grows ever faster later. */
const RECOVERY_MS = 10_000
/** Milliseconds without a refusal after which there is no limit any more. By then it is 26 times what was refused. */
const FORGOTTEN_MS = 60_000
/** One cut for all calls that were refused within that many milliseconds: limits are counted by the second, and one is one event. */
const CUT_EVERY_MS = 1000
/** A cloud that is asked less often than that, in calls a second, could not say that it takes more. */
const SLOWEST = 5
/** Where nothing better is known: few visitors are no sign that the cloud takes no more of them. */
const FIRST = 10
/**
 * Longest pause in milliseconds, whatever the cloud asks for: visitors wait for `timeout`, and a cloud that does not mean one call a second
 * goes on refusing.
 */
const MOST_PAUSE_MS = 1000
/** A timer that rings so late, in milliseconds, costs no call. */
const SLACK_MS = 25

export function createPace({ now, later }: PaceParts): Pace {
  const ready: (() => void)[] = []
  const answers = createRate(now)
  /** When the pace was cut last, and what it was then. */
  let cut: { readonly at: number; readonly from: number } | undefined
  let nextAt = 0
  let pausedUntil = 0
  let cancel: (() => void) | undefined

  /** Along a cubic curve: fast where it is far below what was refused, slow near it, and fast again far beyond. */
  function limit(): number | undefined {
    if (cut === undefined) return undefined
    const age = now() - cut.at
    // A clock that was set back makes nothing last.
    if (age < 0 || age >= FORGOTTEN_MS) {
      cut = undefined
      return undefined
    }
    return cut.from * (1 + (1 - CUT) * (age / RECOVERY_MS - 1) ** 3)
  }

  function wait(): number {
    if (cut === undefined || limit() === undefined) return 0
    const ms = Math.max(nextAt, pausedUntil) - now()
    // Further ahead than it can be: the clock was set back.
    if (ms > MOST_PAUSE_MS) nextAt = pausedUntil = 0
    return ms > MOST_PAUSE_MS ? 0 : Math.max(0, ms)
  }

  /** What the cloud takes, by what it has answered in the last second; where we asked for less, nobody knows. */
  function estimate(): number {
    const before = limit()
    return before === undefined
      ? Math.max(FIRST, answers.lastSecond())
      : Math.min(before, Math.max(before / 2, answers.lastSecond()))
  }

  function ring(): void {
    cancel = undefined
    for (const act of ready) act()
  }

  return {
    limit,
    wait,
    begin() {
      if (cut === undefined) return
      const rate = limit()
      if (rate !== undefined) nextAt = Math.max(nextAt, now() - SLACK_MS) + 1000 / rate
    },
    served: () => answers.note(),
    throttled(begun, pause) {
      pausedUntil = Math.max(pausedUntil, now() + Math.min(pause, MOST_PAUSE_MS))
      const isKnown = limit() !== undefined && cut !== undefined
      if (isKnown && cut !== undefined && (begun <= cut.at || now() - cut.at < CUT_EVERY_MS)) return
      cut = { at: now(), from: Math.max(SLOWEST / CUT, estimate()) }
      nextAt = now() + 1000 * (1 / (cut.from * CUT))
    },
    onReady: (act) => void ready.push(act),
    wake() {
      cancel ??= later(Math.max(1, wait()), ring)
    },
  }
}

/** Counts by the second. */
function createRate(now: () => number) {
  let second = 0
  let current = 0
  let previous = 0

  function turn(at: number): void {
    const here = Math.floor(at / 1000)
    if (here === second) return
    previous = here === second + 1 ? current : 0
    current = 0
    second = here
  }

  return {
    note() {
      turn(now())
      current += 1
    },
    /** As much of the second before as is not yet over a second ago, and all of this one. */
    lastSecond() {
      const at = now()
      turn(at)
      return current + previous * (1 - (at / 1000 - second))
    },
  }
}
