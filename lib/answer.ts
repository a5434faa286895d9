/** The form fields of a captcha answer, by the names that every Geetest page and SDK uses. */
export const FN_CHALLENGE = 'geetest_challenge'
export const FN_VALIDATE = 'geetest_validate'
export const FN_SECCODE = 'geetest_seccode'

/** What a solved captcha hands over, checked for type, length and alphabet. */
export interface Answer {
  readonly challenge: string
  readonly validate: string
  readonly seccode: string
}

// The cloud's challenges are 32 to 66 characters (protocol 1.2, 1.6); ours in downtime carry more in the same field.
const CHALLENGE = /^[0-9A-Za-z._-]{32,512}$/
// Hex, `_` and `|jordan` are what widgets send (protocol 1.6, 2.2); the rest leaves room for providers of one's own.
const PROOF = /^[\w|.:=+/-]{1,2048}$/

/** The constant behind the bar (protocol 1.6), and whatever short word a widget may put in its place. */
const TAIL = /^(?:\|\w{1,32})?$/

/** Whether an online seccode is as widgets make it: the validate and a short tail. The rest of it would be the visitor's own. */
export const isWholeSeccode = (seccode: string, validate: string): boolean =>
  seccode.startsWith(validate) && TAIL.test(seccode.slice(validate.length))

/** Why what was sent is no answer: some of the fields are not there, or one is nothing that a captcha sends. */
export type Unusable = 'missing' | 'malformed'

/**
 * The one door for what a browser sent.
 *
 * `absent`: none of the three fields is there, or all are empty, as a page's hidden inputs are until the captcha is solved; so a pass may
 * stand in for them. Only own properties are read, so `__proto__` and friends are just absent.
 */
export function readAnswer(body: unknown): Answer | Unusable | 'absent' {
  const fields = readFields(body, { [FN_CHALLENGE]: CHALLENGE, [FN_VALIDATE]: PROOF, [FN_SECCODE]: PROOF })
  if (typeof fields === 'string') return fields
  return { challenge: fields[FN_CHALLENGE], validate: fields[FN_VALIDATE], seccode: fields[FN_SECCODE] }
}

/** Reads the named fields, all or none: each must be text of its shape. */
export function readFields<Name extends string>(
  body: unknown,
  shapes: Readonly<Record<Name, RegExp>>,
): Readonly<Record<Name, string>> | Unusable | 'absent' {
  // A text, a buffer, an array: nothing in it can be one of the fields, and a pass may stand in for them.
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'absent'
  const fields = Object.keys(shapes).map((name) => [name, ownField(body, name)] as const)
  if (fields.every(([, value]) => value === null || isLeftOut(value))) return 'absent'
  if (fields.some(([, value]) => isLeftOut(value))) return 'missing'
  if (!fields.every(([name, value]) => matches(value, shapes[name as Name]))) return 'malformed'
  return Object.fromEntries(fields) as Record<Name, string>
}

/** Not sent, or sent empty: by one hidden input, or by several of one name, the page's own and the widget's. */
export const isLeftOut = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length > 0 && value.every((one) => one === ''))

export function ownField(body: object, name: string): unknown {
  return Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined
}

function matches(value: unknown, shape: RegExp): value is string {
  return typeof value === 'string' && shape.test(value)
}
