import { createReconnected } from './reconnected'
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

export interface Manner {
  /** Carried out twice it does what it does once: it is sent again where the connection is lost before the answer has come. */
  readonly repeatable?: boolean
  /**
   * Sent, as soon as Redis can be asked, where the command may have been carried out and nobody has heard: the deadline was over, or
   * the connection lost. Repeatable itself.
   */
  readonly unheard?: (() => Promise<unknown>) | undefined
}

/** Asks Redis once. Rejects at once where it cannot be asked now, and after the deadline where it does not answer. */
export type Ask = <T>(send: () => Promise<T>, manner?: Manner) => Promise<T>

export function asking({ redis, timeout, later }: AskingParts): Ask {
  const reconnected = createReconnected(redis)
  let unanswered = 0
  let amending = 0

  function refusal(): RedisStoreError | undefined {
    if (!redis.ready) return new RedisStoreError('not_connected', 'the client is not connected')
    if (unanswered < MOST_UNANSWERED) return undefined
    return new RedisStoreError('too_many_unanswered', `${unanswered} commands are without an answer already`)
  }

  function amend(act: (() => Promise<unknown>) | undefined): void {
    if (act === undefined || amending === MOST_UNANSWERED) return
    amending += 1
    const done = (): void => void (amending -= 1)
    const send = (): void => void attempt(act).then(done, failed)
    const failed = (error: unknown): void => {
      if (isReply(error)) done()
      else reconnected.once(send)
    }
    if (redis.ready) send()
    else reconnected.once(send)
  }

  return (send, { repeatable = false, unheard } = {}) =>
    new Promise((resolve, reject) => {
      const refused = refusal()
      if (refused) return reject(refused)
      let waiting = true
      let underWay = false
      let stop = (): void => undefined

      const cancel = later(timeout, () => {
        waiting = false
        stop()
        reject(new RedisStoreError('no_answer', `Redis did not answer within ${timeout} ms`))
        if (underWay) unanswered += 1
        else amend(unheard)
      })

      /** What has come is nobody's any more once the deadline was over. */
      function arrived(act: () => void, mayHaveBeenDone: boolean): void {
        if (waiting) {
          cancel()
          act()
        } else unanswered -= 1
        if (mayHaveBeenDone) amend(unheard)
      }

      function go(): void {
        underWay = true
        attempt(send).then(
          (answer) => {
            underWay = false
            arrived(() => resolve(answer), !waiting)
          },
          (error: unknown) => {
            underWay = false
            const lost = !isReply(error)
            if (lost && repeatable && waiting && !redis.ready) stop = reconnected.once(go)
            else arrived(() => reject(error as Error), lost)
          },
        )
      }
      go()
    })
}

/** What is thrown at once is a rejection too. */
const attempt = async <T>(send: () => Promise<T>): Promise<T> => send()

/** Redis itself has answered, as in `OOM command not allowed`; else nobody knows what became of the command. */
const isReply = (error: unknown): boolean => error instanceof Error && /^[A-Z]+ /.test(error.message)
