/** The vendor's errors of version 4, by their numbers (protocol 6.1). */
const WORDS = {
  '-50001': 'risk_type error',
  '-50002': 'param decrypt error',
  '-50003': 'repeat validate',
  '-50004': 'jsonp callback name error',
  '-50005': 'illegal gen_time',
  '-50101': 'not captcha_id',
  '-50102': 'captcha_id invalid',
  '-50103': 'not a captcha id',
  '-50301': 'not captcha_output',
  '-50302': 'not lot_number',
  '-50303': 'lot_number invalid',
  '-50304': 'lot_number mismatch',
  '-50305': 'lot_number expired',
  '-50306': 'process_token error',
  '-50307': 'payload error',
  '-50308': 'payload used',
} as const

/** Those that the simulator gives by itself; a fault gives any. */
export type VendorCode = keyof typeof WORDS

export interface VendorError {
  readonly status: 'error'
  readonly code: VendorCode
  readonly msg: string
  readonly desc: { readonly type: string }
}

export const vendorError = (code: VendorCode): VendorError => ({
  status: 'error',
  code,
  msg: WORDS[code],
  desc: { type: 'defined error' },
})

/** What is wrong with a captcha id, if anything. */
export function idError(id: string | undefined, isAccount: (id: string) => boolean): VendorError | undefined {
  if (!id) return vendorError('-50101')
  if (!/^[0-9a-f]{32}$/i.test(id)) return vendorError('-50102')
  return isAccount(id) ? undefined : vendorError('-50103')
}
