import type { VendorCode } from '../../../index'
import type { World } from '../../world'
import type { Target } from './target'
import { ask, objectIn, type Reply } from './request'

/** What the cloud of version 4 made of an answer: an error by its code, a no with its reason, or a yes. */
export type Said = { readonly code: string } | { readonly refused: string } | 'accepted' | 'garbage'

/** The errors that say what is wrong with an id. */
const IDS: { readonly [code in VendorCode]?: 'unknown' | 'deleted' | 'paused' } = {
  '-50101': 'unknown',
  '-50102': 'unknown',
  '-50103': 'unknown',
  '-50104': 'deleted',
  '-50105': 'paused',
}
/** About the answer: whoever says so has found the id in order. */
const ABOUT_ANSWERS = /^-50(002|003|005|30\d)$/

/** Nobody's, as the plugin itself looks at the cloud with it. */
export const nobody = (lotNumber: string) => ({
  lot_number: lotNumber,
  captcha_output: 'none',
  pass_token: '0'.repeat(64),
  gen_time: '0',
})

/** One look at the cloud of version 4: an answer of nobody's, and signed by nobody. What it says is about the id then. */
export function look({ apiServer, captchaId }: Target, world: World): Promise<Reply> {
  const answer = { ...nobody('0'.repeat(32)), sign_token: '0'.repeat(64) }
  return ask(`${apiServer}/validate?captcha_id=${encodeURIComponent(captchaId)}`, world, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(answer).toString(),
  })
}

export function saidIn(reply: Reply | undefined): Said {
  const { status, code, result, reason } = objectIn(reply) ?? {}
  // What is no code is not shown either: it comes from the network.
  if (status === 'error') return /^-\d{5}$/.test(String(code)) ? { code: String(code) } : 'garbage'
  if (result === 'fail') return { refused: String(reason) }
  return result === 'success' ? 'accepted' : 'garbage'
}

/** Why the id is not good, where that is what it says. */
export const wrongId = (said: Said): (typeof IDS)[VendorCode] =>
  typeof said === 'object' && 'code' in said ? IDS[said.code as VendorCode] : undefined

export const knowsId = (said: Said): boolean =>
  typeof said === 'object' && ('refused' in said || ABOUT_ANSWERS.test(said.code))
