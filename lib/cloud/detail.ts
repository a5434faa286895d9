import type { Cause } from '../cloud'

/** What an error of version 4 is about: the visitor's answer, the site's own set-up, the cloud, or our own request. */
type About = 'answer' | 'setup' | 'cloud' | 'request'

/** Every code of the vendor's table (protocol 6.1), and whose matter it is. */
const CODES = {
  '-50000': 'cloud', // runtime
  '-50001': 'request', // risk_type
  '-50002': 'answer', // parameter decryption: of captcha_output
  '-50003': 'answer', // verified twice
  '-50004': 'request', // jsonp name
  '-50005': 'answer', // gen_time
  '-50101': 'setup', // id missing
  '-50102': 'setup', // id invalid
  '-50103': 'setup', // not a captcha id
  '-50104': 'setup', // id deleted
  '-50105': 'setup', // id paused
  '-50301': 'answer', // proof missing
  '-50302': 'answer', // lot_number missing
  '-50303': 'answer', // lot_number invalid
  '-50304': 'answer', // mismatch
  '-50305': 'answer', // expired
  '-50306': 'answer', // process_token
  '-50307': 'answer', // payload error
  '-50308': 'answer', // payload used
} as const satisfies Record<string, About>

/** The vendor's number of an error. */
export type VendorCode = keyof typeof CODES

/** All of them, for tables in tests and documentation. */
export const vendorCodes = Object.keys(CODES) as VendorCode[]

/** Why the cloud refused, in its own words. */
export const vendorReasons = ['pass_token expire', 'pass_token error', 'sign_token error'] as const

/** What the vendor said beside its verdict; what is not on its lists is never passed on. */
export type Detail = VendorCode | (typeof vendorReasons)[number] | 'other'

/** What an error code means for the visitor. */
export type Meaning = { readonly verdict: 'rejected' } | { readonly cause: Cause }

const MEANINGS: Readonly<Record<About, Meaning>> = {
  answer: { verdict: 'rejected' },
  setup: { cause: 'id_refused' },
  cloud: { cause: 'status' },
  // Of parameters that we never send: whoever says that has not judged what we asked.
  request: { cause: 'garbage' },
}

/** `undefined` for what is no code of the table. */
export function readCode(code: unknown): { readonly detail: VendorCode; readonly meaning: Meaning } | undefined {
  const detail = vendorCodes.find((known) => known === String(code))
  return detail && { detail, meaning: MEANINGS[CODES[detail]] }
}

export const readReason = (reason: unknown): Detail => vendorReasons.find((known) => known === reason) ?? 'other'
