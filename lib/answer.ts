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

/** Why what was sent is no answer: some of the three fields are not there, or one is nothing that a captcha sends. */
export type Unusable = 'missing' | 'malformed'

/**
 * The one door for what a browser sent.
 *
 * `absent`: none of the three fields is there, so a pass may stand in for them. Only own properties are read, so `__proto__` and friends are
 * just absent.
 */
export function readAnswer(body: unknown): Answer | Unusable | 'absent' {
  // A text, a buffer, an array: nothing in it can be one of the fields, and a pass may stand in for them.
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'absent'
  const [challenge, validate, seccode] = [FN_CHALLENGE, FN_VALIDATE, FN_SECCODE].map((name) => ownField(body, name))
  if (challenge === undefined && validate === undefined && seccode === undefined) return 'absent'
  if (challenge === undefined || validate === undefined || seccode === undefined) return 'missing'
  if (!matches(challenge, CHALLENGE) || !matches(validate, PROOF) || !matches(seccode, PROOF)) return 'malformed'
  return { challenge, validate, seccode }
}

function ownField(body: object, name: string): unknown {
  return Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined
}

function matches(value: unknown, shape: RegExp): value is string {
  return typeof value === 'string' && shape.test(value)
}
