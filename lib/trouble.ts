/** Something that may fail and work again, of which is told once each way. */
export interface Trouble {
  readonly failed: (cause: string) => void
  readonly worked: () => void
}

export interface TroubleParts {
  /** Milliseconds. */
  readonly now: () => number
  readonly began: (cause: string) => void
  /** @param seconds how long it lasted */
  readonly ended: (seconds: number) => void
}

/** So long nothing must have failed, in milliseconds: what fails now and then is one trouble, and not a line for each call. */
const CALM_MS = 10_000

export function createTrouble({ now, began, ended }: TroubleParts): Trouble {
  let since: number | undefined
  let last = 0
  return {
    failed(cause) {
      last = now()
      if (since !== undefined) return
      since = last
      began(cause)
    },
    worked() {
      if (since === undefined || now() - last < CALM_MS) return
      const seconds = Math.round((now() - since) / 1000)
      since = undefined
      ended(seconds)
    },
  }
}

/** One line on stderr, unless the process was told to be silent; Node can silence a code: `--disable-warning=GEETEST_CLOUD`. */
export function warn(code: `GEETEST_${string}`, words: string): void {
  process.emitWarning(words, { type: 'GeetestWarning', code })
}

/** The cause of a failure in one short line, with nothing in it that a line could not hold. */
export const inOneLine = (error: unknown): string =>
  (error instanceof Error ? error.message || error.name : String(error)).replace(/[\p{C}\s]+/gu, ' ').slice(0, 200)
