import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface HttpAnswer {
  status: number
  body: unknown
}
interface Expected {
  result?: number | boolean | string
  raises?: string
}
export interface RegisterCase {
  sdk: string
  args?: Record<string, unknown>
  http: HttpAnswer | { error: string }
  note: string
  status?: 0 | 1
  raises?: string
  response?: Record<string, unknown>
}
export interface SuccessCase extends Expected {
  sdk: string
  challenge: string | null
  validate: string | null
  seccode: string | null
  args: Record<string, unknown>
  http: HttpAnswer | { error: string } | null
  posted?: { fields_without_timestamp: Record<string, string | null> }
  note: string
}
export interface SlideCase {
  challenge: string | null
  validate: string | null
  seccode: string | null
  note: string
  python_320: Expected
}

/** What the official SDKs answered, produced by running them; no number in it was computed by this project. */
export const vectors = JSON.parse(readFileSync(join(__dirname, '../vectors/official-sdk.json'), 'utf8')) as {
  register_challenge: { origin: string; key: string; md5: string; sha256: string; hmac_sha256: string; note: string }[]
  register_flow: { captcha_id: string; private_key: string; cases: RegisterCase[] }
  register_flow_node: { captcha_id: string; private_key: string; cases: RegisterCase[] }
  local_validate: { key: string; challenge: string; validate: string; ok: boolean }[]
  seccode: { validate: string; seccode: string; seccode_md5: string }[]
  success_validate: { captcha_id: string; private_key: string; cases: SuccessCase[] }
  decode_rand_base: { challenge: string; tail: string; result?: number; raises?: string }[]
  decode_response: { challenge: string; response: string; note: string; result?: number; raises?: string }[]
  validate_fail_image: { ans: number; full_bg_index: number; img_grp_index: number; note: string; result: 0 | 1 }[]
  failback_slide: { accepted: SlideCase[]; rejected: SlideCase[]; python_raises: SlideCase[] }
  failback_new_captcha: { challenge: string; validate: string; seccode: string; python_330: Expected }[]
  v4_sign_token: { lot_number: string; captcha_key: string; sign_token: string }[]
  public_sample: SlideCase[]
  public_triples: { ans: number; full_bg_index: number; img_grp_index: number; result: 0 | 1 }[]
}
