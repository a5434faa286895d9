import { loop, pool } from './gauge'

export interface DeadlineParts {
  /** Milliseconds that the other side has. */
  readonly timeout: number
  /** How many times `timeout` the call may take in all, where this process itself is what is late. */
  readonly patience: number
  /** Told once, with the error that the call ends with. */
  readonly expire: (error: Error) => void
}

/** At least so many milliseconds can be given back, however short the deadline is: that is nothing to a machine under load. */
const LEAST_MS = 1000

/** The other side had its time and is late. */
export const TIMED_OUT = 'ERR_TIMED_OUT'
/** This process had no time for the call, so nobody knows how the other side is. */
export const STALLED = 'ERR_STALLED'

/**
 * Starts a deadline; the returned function ends it. Time that this process took away, by a loop that was blocked or a thread pool
 * that was full, is given back up to the limit. Whoever is late after that is late; where it was not given enough, nobody knows.
 */
export function startDeadline({ timeout, patience, expire }: DeadlineParts): () => void {
  const begun = performance.now()
  const unwatch = loop.watch()
  const takenThen = taken()
  let timer: NodeJS.Timeout | undefined
  let due: NodeJS.Immediate | undefined

  function wait(ms: number): void {
    // What has arrived by then is read first. A call that goes on keeps the process alive by its socket; one that does not, must not.
    timer = setTimeout(() => {
      due = setImmediate(check)
    }, ms).unref()
  }
  function end(): void {
    clearTimeout(timer)
    clearImmediate(due)
    unwatch()
  }
  function check(): void {
    const elapsed = performance.now() - begun
    const missing = timeout - (elapsed - (taken() - takenThen))
    const left = Math.max(timeout * patience, timeout + LEAST_MS) - elapsed
    // A timer may ring a little early.
    if (missing >= 1 && left >= 1) return wait(Math.min(missing, left))
    end()
    expire(Object.assign(new Error('not over in time'), { code: missing >= 1 ? STALLED : TIMED_OUT }))
  }

  wait(timeout)
  return end
}

/** Milliseconds that were not the other side's, as far as anybody watched. */
export const taken = (): number => loop.taken() + pool.taken()
