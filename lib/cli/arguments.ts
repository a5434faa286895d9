import { parseArgs } from 'node:util'
import { isLanguage } from './words'

/** A command line that makes no sense; the message says what to write. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Also what `parseArgs` throws: an option that is not there, or one without its value. */
export const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS_')

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
  const all = { ...options, lang: { type: 'string' } } as const
  const { values, positionals } = parseArgs({ args, options: all, allowPositionals: true, strict: true })
  const { lang } = values as { readonly lang?: string }
  if (lang !== undefined && !isLanguage(lang)) throw new UsageError(`--lang is ${lang}; write zh or en`)
  if (positionals.length > 1) throw new UsageError(`one file at most, not ${positionals.join(' ')}`)
  return { values: values as unknown as Given<T>, file: positionals[0] }
}

/** @throws UsageError for what no port can be */
export function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new UsageError(`--port is ${JSON.stringify(text)}; write a number from 0 to 65535`)
}
