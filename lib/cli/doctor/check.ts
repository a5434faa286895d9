import type { Sentence, Values } from '../words'
import type { Facts } from './facts'

export type Level = 'ok' | 'warning' | 'problem'

/** What a check found, before it is put into a language. */
export interface Outcome {
  readonly level: Level
  readonly says: Sentence
  readonly values?: Values | undefined
  /** The line to write, as code; the same in every language, but for what stands in `{write}`. */
  readonly write?: string | undefined
}

/** One thing that the doctor knows how to judge. It only looks at facts: whoever gathers them has waited already. */
export interface Check {
  /** Stable across releases. */
  readonly code: string
  /** `undefined`: these facts do not tell. */
  readonly run: (facts: Facts) => Outcome | undefined
}

export const ok = (says: Sentence, values?: Values): Outcome => ({ level: 'ok', says, values })
export const warning = (says: Sentence, write?: string, values?: Values): Outcome => ({
  level: 'warning',
  says,
  write,
  values,
})
export const problem = (says: Sentence, write?: string, values?: Values): Outcome => ({
  level: 'problem',
  says,
  write,
  values,
})
