import type { Board } from './board'

/** What the nodes tell each other of one thing. Never rejects: a node that cannot reach the others goes by itself. */
export interface Exchange<Word> {
  /** Leave to find out for all, with the lease's number; `undefined` while another node is at it. */
  readonly lease: () => Promise<{ readonly fence?: number } | undefined>
  /** What stands, and `undefined` where nothing does; `ALONE` where that cannot be learned. */
  readonly read: () => Promise<Word | undefined | typeof ALONE>
  /** Says a word to all, or takes back what was said. Answers whether it stands: a newer one outweighs it. */
  readonly post: (word: Word | undefined, fence?: number) => Promise<boolean>
  /** Calls back after somebody posted; returns the way to call it off. */
  readonly watch: (listener: () => void) => () => void
}

/** No word from the others, because there are none or they cannot be reached. */
export const ALONE = 'alone'

/** The exchange of a node that shares nothing. */
export const alone = <Word>(): Exchange<Word> => ({
  lease: () => Promise.resolve({}),
  read: () => Promise.resolve(ALONE),
  post: () => Promise.resolve(true),
  watch: () => () => undefined,
})

export interface ExchangeParts<Word> {
  readonly board: Board
  readonly topic: string
  /** Milliseconds that a word holds: a node that died must not be believed for ever. */
  readonly holds: number
  /** Milliseconds between two leases, at least. */
  readonly every: number
  /** Whether that was said by a node of this version. */
  readonly isWord: (value: unknown) => value is Word
  /** Bounds a call in time; rejects where the board fails. */
  readonly ask: <T>(act: () => Promise<T>) => Promise<T>
}

/** An exchange over the board of a shared store. Its calls keep their order, so that a node reads what it has posted. */
export function createExchange<Word>(parts: ExchangeParts<Word>): Exchange<Word> {
  const { board, topic, holds, every, isWord, ask } = parts
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<T, Otherwise>(act: () => Promise<T>, otherwise: Otherwise): Promise<T | Otherwise> {
    const answer = last.then(() => ask(act)).catch(() => otherwise)
    last = answer
    return answer
  }

  function parse(text: string | undefined): Word | undefined {
    try {
      const value: unknown = JSON.parse(text ?? 'null')
      return isWord(value) ? value : undefined
    } catch {
      return undefined
    }
  }

  return {
    lease: () =>
      inTurn(async () => {
        const fence = await board.lease(topic, every)
        return fence === undefined ? undefined : { fence }
      }, {}),
    read: () => inTurn(async () => parse(await board.read(topic)), ALONE),
    post: (word, fence) =>
      inTurn(() => board.post(topic, word === undefined ? undefined : JSON.stringify(word), holds, fence), true),
    watch: (listener) => board.watch(topic, listener),
  }
}
