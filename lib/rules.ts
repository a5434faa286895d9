import { closest, distance } from 'fastest-levenshtein'
import { GeetestError } from './errors'

/** What an option may be: a test, and the words that say what to write instead. */
export interface Rule {
  readonly allows: (value: unknown) => boolean
  readonly write: string
  /** The value is a secret: messages tell its type only. */
  readonly secret?: true
  readonly required?: true
  /** Of a list: what to write in the place of one entry; `undefined` where it is right. */
  readonly entry?: (entry: unknown) => string | undefined
}

export type Rules = Readonly<Record<string, Rule>>

/**
 * The options that somebody wrote, and none that every object inherits: what a flaw elsewhere puts on `Object.prototype` sets no option
 * of ours. What is no object comes back as it is, for `checkOptions` to refuse.
 */
export function ownOptions<T>(given: T): T {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
  return Object.assign(Object.create(null), given) as T
}

/**
 * Holds `given` against `rules` and throws the first mistake as `invalid_option`: which option, what arrived, what to
 * write. An option that is `undefined` counts as absent.
 *
 * @param of whose options these are, for the message: `geetest`, say
 */
export function checkOptions(of: string, given: unknown, rules: Rules): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(`${of}(options) got ${show(given)}; write an object with ${required(rules)}`)
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(rules, name)) throw invalid(unknownOption(of, name, Object.keys(rules)))
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value: unknown = Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined
    if (Array.isArray(value)) refuseEntry(of, name, value, rule)
    if (value === undefined ? rule.required : !rule.allows(value)) {
      throw invalid(`${of}: option ${name} is ${rule.secret ? kind(value) : show(value)}; write ${rule.write}`)
    }
  }
}

/** Of a list that is not allowed the first entry that is wrong is named. */
function refuseEntry(of: string, name: string, list: readonly unknown[], { entry, secret }: Rule): void {
  const at = list.findIndex((one) => entry?.(one) !== undefined)
  if (at < 0 || secret) return
  throw invalid(
    `${of}: option ${name} is wrong in entry ${at + 1}, ${show(list[at])}; write ${String(entry?.(list[at]))}`,
  )
}

const invalid = (message: string): GeetestError => GeetestError.setup('invalid_option', message)

const required = (rules: Rules): string =>
  Object.keys(rules)
    .filter((name) => rules[name]?.required)
    .join(' and ') || 'the options that are to differ from their defaults'

/** `captcha_id`, `captchaID` and `captchaId` are one name to a reader. */
const plain = (text: string): string => text.replace(/[^a-z0-9]/gi, '').toLowerCase()

function unknownOption(of: string, name: string, names: readonly string[]): string {
  const near = closest(plain(name), names.map(plain))
  const meant = names.find((known) => plain(known) === near)
  const hint = distance(plain(name), near) <= 2 && meant !== undefined ? `; did you mean ${meant}?` : ''
  return `${of}: there is no option ${show(name)}${hint || `; the options are ${names.join(', ')}`}`
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(plainWords(value))
  return value === null || ['number', 'boolean', 'bigint', 'undefined'].includes(typeof value)
    ? String(value)
    : kind(value)
}

/** Short, and without the password that an address may carry. */
function plainWords(value: string): string {
  const clean = value.replace(/(\/\/)[^/?#]*@/, '$1…@')
  return clean.length > 60 ? `${clean.slice(0, 60)}…` : clean
}

function kind(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string of the wrong form'
  if (Array.isArray(value)) return 'an array'
  return value === null || value === undefined ? String(value) : `of type ${typeof value}`
}
