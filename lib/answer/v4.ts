import { isLeftOut, ownField, readFields, type Answer, type Unusable } from '../answer'

/** The form fields of a version 4 answer, by the names that the vendor's pages and demos use. */
export const FN_LOT_NUMBER = 'lot_number'
export const FN_CAPTCHA_OUTPUT = 'captcha_output'
export const FN_PASS_TOKEN = 'pass_token'
export const FN_GEN_TIME = 'gen_time'
/** Public, and added by many pages; where it is sent it must be the scene's own. */
export const FN_CAPTCHA_ID = 'captcha_id'

/** What a solved captcha of version 4 hands over, checked for type, length and alphabet. */
export interface AnswerV4 {
  readonly lotNumber: string
  readonly captchaOutput: string
  readonly passToken: string
  readonly genTime: string
  /** The captcha id that the page worked with, where it says so. */
  readonly captchaId?: string
}

const SHAPES = {
  // Lower case, as the cloud writes it: one lot number has one spelling, so it can be claimed once and must come back as it is.
  [FN_LOT_NUMBER]: /^[0-9a-f]{32}$/,
  // Base64 in either alphabet, of no documented length; in downtime what providers find, as in version 3.
  [FN_CAPTCHA_OUTPUT]: /^[\w|.:=+/-]{1,8192}$/,
  // 64 hex digits from the cloud; in downtime the whole of our challenge.
  [FN_PASS_TOKEN]: /^[\w.=+/-]{1,512}$/,
  // Seconds since 1970, digits only (protocol 6.1).
  [FN_GEN_TIME]: /^\d{1,16}$/,
}
const CAPTCHA_ID = /^[0-9a-f]{32}$/i

/** The door of version 4: as `readAnswer`, for the four fields and the captcha id that may stand beside them. */
export function readAnswerV4(body: unknown): AnswerV4 | Unusable | 'absent' {
  const fields = readFields(withTimeAsText(body), SHAPES)
  if (typeof fields === 'string') return fields
  const captchaId = ownField(body as object, FN_CAPTCHA_ID)
  if (captchaId !== undefined && isLeftOut(captchaId)) return 'missing'
  if (captchaId !== undefined && !(typeof captchaId === 'string' && CAPTCHA_ID.test(captchaId))) return 'malformed'
  return {
    lotNumber: fields.lot_number,
    captchaOutput: fields.captcha_output,
    passToken: fields.pass_token,
    genTime: fields.gen_time,
    ...(captchaId !== undefined && { captchaId }),
  }
}

/** Ten digits and more: seconds since 1970, or milliseconds. */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1e9 && value < 1e14

/** A page that makes numbers of digits, as many do on the way into JSON, has changed nothing of a time. */
function withTimeAsText(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  const time = ownField(body, FN_GEN_TIME)
  return isTime(time) ? { ...body, [FN_GEN_TIME]: String(time) } : body
}

/**
 * The same answer as a downtime provider knows it. In an outage `gt4.js` puts the challenge into `pass_token` and what was
 * found into `captcha_output`; the seccode of every widget is the validate and a constant (protocol 1.6).
 */
export const asDowntimeAnswer = ({ passToken, captchaOutput }: AnswerV4): Answer => ({
  challenge: passToken,
  validate: captchaOutput,
  seccode: `${captchaOutput}|jordan`,
})
