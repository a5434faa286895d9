import { GeetestError } from './errors'

export interface StoreAsked<T> {
  /** Told what came after the deadline, when the visitor had been turned away. */
  readonly late?: (answer: T) => void
  /** What a store may know of a visitor: its error is told without it. */
  readonly hide?: readonly string[]
}

/** Asks a store. Rejects with `store_error` where it throws, rejects or does not answer in time, and with nothing else. */
export type StoreCall = <T>(act: () => T | PromiseLike<T>, asked?: StoreAsked<T>) => Promise<T>

export interface StoreCallParts {
  /** Longest wait, in milliseconds. */
  readonly timeout: number
  readonly later: (ms: number, act: () => void) => () => void
  /** Told what the store threw, without what it was asked; the visitor only learns that it did. */
  readonly onError: (error: Error) => void
  /** Told that it has answered. */
  readonly onAnswer?: () => void
}

export function createStoreCall({ timeout, later, onError, onAnswer }: StoreCallParts): StoreCall {
  /** A store that hangs has failed; the one in memory never gets here. */
  function inTime<T>(answer: Promise<T>, late: ((answer: T) => void) | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      let waiting = true
      const cancel = later(timeout, () => {
        waiting = false
        reject(new Error(`the store did not answer within ${timeout} ms`))
      })
      answer.finally(cancel).then((value) => (waiting ? resolve(value) : late?.(value)), reject)
    })
  }

  return async (act, { late, hide = [] } = {}) => {
    try {
      const answer = act()
      // Any thenable: stores bring promises of their own.
      const came = isThenable(answer) ? await inTime(Promise.resolve(answer), late) : answer
      onAnswer?.()
      return came
    } catch (error) {
      onError(withoutArguments(error, hide))
      throw GeetestError.because('store_error')
    }
  }
}

/** No message of a store needs more, and none may fill a log. */
const MOST_WORDS = 300
/** Shorter texts are no one's secret, and would make holes in every message. */
const LEAST_HIDDEN = 4

/**
 * The error by itself: clients hang on theirs what they were asked, as ioredis does with `command.args`, and whoever logs the whole of it
 * logs labels, addresses and session hashes. Redis quotes what it does not know, too.
 */
export function withoutArguments(error: unknown, hide: readonly string[]): Error {
  const { name, message, code, stack } = partsOf(error)
  const clean = (text: string): string => {
    const own = text.replace(/,? with args beginning with:.*/s, '')
    return hide.reduce((left, secret) => (secret.length < LEAST_HIDDEN ? left : left.replaceAll(secret, '…')), own)
  }
  const copy = new Error(clean(message).slice(0, MOST_WORDS))
  Object.defineProperty(copy, 'name', { value: clean(name), configurable: true, writable: true })
  // Where it was thrown: only lines that say so, none that a message has put there.
  const frames = stack.slice(stack.includes(message) ? stack.indexOf(message) + message.length : 0).split('\n')
  const from = frames.filter((line) => /^\s+at /.test(line)).map(clean)
  copy.stack = [`${copy.name}: ${copy.message}`, ...from].join('\n')
  return code === undefined ? copy : Object.assign(copy, { code: typeof code === 'string' ? clean(code) : code })
}

interface Parts {
  readonly name: string
  readonly message: string
  readonly stack: string
  readonly code: string | number | undefined
}

/** Getters of errors may throw, and what is thrown may be no error. */
function partsOf(error: unknown): Parts {
  const read = (key: string): unknown => {
    try {
      return typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined
    } catch {
      return undefined
    }
  }
  const text = (key: string, otherwise: string): string => {
    const value = read(key)
    return typeof value === 'string' ? value : otherwise
  }
  const code = read('code')
  return {
    name: text('name', 'Error'),
    message: text('message', typeof error === 'string' ? error : 'the store failed without saying why'),
    stack: text('stack', ''),
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
