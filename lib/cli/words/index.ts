import { chinese } from './zh'
import { english } from './en'

/** Everything that the commands say at length, in one language. */
export type Words = { readonly [name in keyof typeof english]: Same<(typeof english)[name]> } & {
  /** What the plugin says of options, in this language: what to write for each, and what can have arrived. English is its own. */
  readonly ofOptions?: {
    readonly write: Readonly<Record<string, string>>
    readonly arrived: Readonly<Record<string, string>>
  }
}
type Same<T> = T extends string ? string : { readonly [name in keyof T]: string }

/** The name of a sentence about a command line that makes no sense. */
export type Usage = keyof typeof english.usage

/** The name of a sentence about a finding. */
export type Sentence = keyof typeof english.findings

/** What stands in a sentence's `{places}`. */
export type Values = Readonly<Record<string, string | number>>

const languages = { en: english, zh: chinese } satisfies Record<string, Words>
export type Language = keyof typeof languages

export const words = (language: Language): Words => languages[language]

/** `--lang`, or else what the environment is in, as other programs understand it. */
export function languageOf(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Language {
  const at = args.findIndex((word) => /^--lang(=|$)/.test(word))
  const asked = args[at]?.split('=')[1] ?? args[at + 1]
  if (at >= 0 && isLanguage(asked)) return asked
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return locale.startsWith('zh') ? 'zh' : 'en'
}

export const isLanguage = (word: unknown): word is Language => word === 'en' || word === 'zh'

/** A sentence with its places filled in. */
export const fill = (sentence: string, values: Values = {}): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`))
