import { parseArgs } from 'node:util'
import { closest, distance } from 'fastest-levenshtein'
import { english } from './words/en'
import { fill, isLanguage, type Usage, type Values } from './words'

/** A command line that makes no sense: which sentence says what to write, and what stands in its places. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  constructor(
    readonly says: Usage,
    readonly values: Values = {},
  ) {
    super(fill(english.usage[says], values))
  }
}

/** The word of these that somebody will have meant; none where all are something else. */
export function meant(given: string, words: readonly string[]): string | undefined {
  const word = given.toLowerCase()
  const near = closest(word, words)
  if (distance(word, near) <= (near.length > 3 ? 2 : 1)) return near
  return word.length > 1 ? words.find((whole) => whole.startsWith(word)) : undefined
}

/** What options a command has; each may come once. */
type Settings = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly default?: string }>>
/** What was given for them. */
type Given<T extends Settings> = {
  readonly [name in keyof T]: T[name] extends { type: 'boolean' }
    ? boolean | undefined
    : T[name] extends { default: string }
      ? string
      : string | undefined
}

/** The options of one command, each with `--lang` beside it, and the one thing that may stand without a dash. */
export function read<const T extends Settings>(
  args: string[],
  options: T,
): { values: Given<T>; file: string | undefined } {
  const all: Settings = { ...options, lang: { type: 'string' } }
  // What is wrong is said here, in the language of the reader.
  const { values, positionals, tokens } = parseArgs({
    args,
    options: all,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  for (const token of tokens) if (token.kind === 'option') check(token, all)
  const { lang } = values as { readonly lang?: string }
  if (lang !== undefined && !isLanguage(lang)) throw new UsageError('lang', { lang })
  if (positionals.length > 1) throw new UsageError('oneFile', { files: positionals.join(' ') })
  return { values: values as unknown as Given<T>, file: positionals[0] }
}

interface Option {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function check({ name, rawName: option, value, inlineValue }: Option, all: Settings): void {
  const setting = Object.hasOwn(all, name) ? all[name] : undefined
  if (setting === undefined) {
    const near = meant(name, Object.keys(all))
    throw near === undefined
      ? new UsageError('noOption', {
          option,
          options: Object.keys(all)
            .map((one) => `--${one}`)
            .join(', '),
        })
      : new UsageError('otherOption', { option, near: `--${near}` })
  }
  const isFlag = setting.type === 'boolean'
  if (isFlag && value !== undefined) throw new UsageError('noValue', { option })
  // An option behind it is no value of it.
  if (!isFlag && (value === undefined || value === '' || (!inlineValue && value.startsWith('-'))))
    throw new UsageError('value', { option })
}

/** @throws UsageError for what no port can be */
export function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new UsageError('port', { port: JSON.stringify(text) })
}
