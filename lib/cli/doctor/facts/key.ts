import type { World } from '../../world'
import type { Target } from './target'
import { knowsId, type Said } from './look'
import { ask, isPage } from './request'

/**
 * Whether the cloud knows a challenge as the site has derived it: with another key than the cloud's, or another digest, it does
 * not, and no visitor can solve it. `unsure`: the answer says neither.
 */
export type Known = 'yes' | 'no' | 'unsure'

/** The same of version 4, by what the cloud said of two answers of nobody's: one that the plugin has signed, one signed by nobody. */
export function compareSignatures(signed: Said | undefined, unsigned: Said): Known | undefined {
  if (signed === undefined) return undefined
  if (isOfSignature(signed)) return 'no'
  // Only where it is seen to look at signatures before anything else does its silence about this one say anything.
  return isOfSignature(unsigned) && knowsId(signed) ? 'yes' : 'unsure'
}

const isOfSignature = (said: Said): boolean =>
  typeof said === 'object' && 'refused' in said && said.refused === 'sign_token error'

/** Asks for the puzzle of a challenge, as the widget in a browser does first. */
export async function askForPuzzle({ apiServer, captchaId }: Target, challenge: string, world: World): Promise<Known> {
  const params = new URLSearchParams({ gt: captchaId, challenge, lang: 'en', callback: 'geetest_doctor' }).toString()
  const reply = await ask(`${apiServer}/get.php?${params}`, world)
  const text = isPage(reply) ? (/\((.*)\)/s.exec(reply.body)?.[1] ?? '') : ''
  try {
    const { status, error_code: code } = JSON.parse(text) as { status?: unknown; error_code?: unknown }
    if (status === 'success') return 'yes'
    // 22 and 23: there is no such challenge.
    return code === 'error_22' || code === 'error_23' ? 'no' : 'unsure'
  } catch {
    return 'unsure'
  }
}
