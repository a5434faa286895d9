import { GeetestError } from './errors'

/** Asks a store. Rejects with `store_error` where it throws, rejects or does not answer in time, and with nothing else. */
export type StoreCall = <T>(act: () => T | PromiseLike<T>) => Promise<T>

export interface StoreCallParts {
  /** Longest wait, in milliseconds. */
  readonly timeout: number
  readonly later: (ms: number, act: () => void) => () => void
  /** Told what the store threw; the visitor only learns that it did. */
  readonly onError: (error: unknown) => void
}

export function createStoreCall({ timeout, later, onError }: StoreCallParts): StoreCall {
  /** A store that hangs has failed; the one in memory never gets here. */
  function inTime<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = later(timeout, () => reject(new Error(`the store did not answer within ${timeout} ms`)))
      answer.finally(cancel).then(resolve, reject)
    })
  }

  return async (act) => {
    try {
      const answer = act()
      // Any thenable: stores bring promises of their own.
      return isThenable(answer) ? await inTime(Promise.resolve(answer)) : answer
    } catch (error) {
      onError(error)
      throw GeetestError.because('store_error')
    }
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
