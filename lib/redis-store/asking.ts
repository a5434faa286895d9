import type { Redis } from './redis'

/** Why Redis could not be asked, or why nobody waits any longer. */
export type RedisFailure = 'not_connected' | 'no_answer' | 'too_many_unanswered'

/** What a method of `RedisStore` rejects with where the client itself says nothing; else it is the client's own error. */
export class RedisStoreError extends Error {
  override readonly name = 'RedisStoreError'
  readonly code: RedisFailure

  constructor(code: RedisFailure, message: string) {
    super(`express-geetest: RedisStore: ${message}`)
    this.code = code
  }
}

/** So many commands may stay unanswered: a Redis that hangs for hours must not fill this process's memory. */
const MOST_UNANSWERED = 1000

export interface AskingParts {
  readonly redis: Redis
  /** Milliseconds that one command may take. */
  readonly timeout: number
  readonly later: (ms: number, act: () => void) => () => void
}

/**
 * Asks Redis once. Rejects at once where it cannot be asked now, and after the deadline where it does not answer; `late` gets
 * the answer that comes all the same.
 */
export type Ask = <T>(send: () => Promise<T>, late?: (answer: T) => void) => Promise<T>

export function asking({ redis, timeout, later }: AskingParts): Ask {
  let unanswered = 0

  function refusal(): RedisStoreError | undefined {
    if (!redis.ready) return new RedisStoreError('not_connected', 'the client is not connected')
    if (unanswered < MOST_UNANSWERED) return undefined
    return new RedisStoreError('too_many_unanswered', `${unanswered} commands are without an answer already`)
  }

  return (send, late) =>
    new Promise((resolve, reject) => {
      const refused = refusal()
      if (refused) return reject(refused)
      let waiting = true
      const cancel = later(timeout, () => {
        waiting = false
        unanswered += 1
        reject(new RedisStoreError('no_answer', `Redis did not answer within ${timeout} ms`))
      })
      const settle = (): void => {
        cancel()
        if (!waiting) unanswered -= 1
      }
      attempt(send)
        .finally(settle)
        .then((answer) => (waiting ? resolve(answer) : late?.(answer)), reject)
    })
}

/** What is thrown at once is a rejection too. */
const attempt = async <T>(send: () => Promise<T>): Promise<T> => send()
