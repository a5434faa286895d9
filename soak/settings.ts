/** How much of a soak it is to be. */
export interface Settings {
  /** Visits, at least: each is one visitor who wants to log in, by right or wrong. */
  readonly logins: number
  /** Seconds, at least. */
  readonly seconds: number
}

const FULL: Settings = { logins: 100_000, seconds: 300 }
const SMALL: Settings = { logins: 5_000, seconds: 60 }

/** @throws Error for words and numbers that mean nothing */
export function settingsFrom(words: readonly string[], env: NodeJS.ProcessEnv): Settings {
  if (words.some((word) => word !== 'small'))
    throw new Error(`soak: there is no "${words.join(' ')}"; write small, or nothing`)
  const { logins, seconds } = words.length > 0 ? SMALL : FULL
  return {
    logins: wholeNumber('SOAK_LOGINS', env.SOAK_LOGINS, logins),
    seconds: wholeNumber('SOAK_SECONDS', env.SOAK_SECONDS, seconds),
  }
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new Error(`soak: ${name} is ${JSON.stringify(text)}; write a whole number`)
}
