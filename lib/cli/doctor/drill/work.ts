import { createHash } from 'node:crypto'
import type { ShownSettings } from '../../../index'

/** The fields that a page would post. */
export type AnswerFields = Readonly<Record<string, string>>

const hex = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex')

/**
 * Solves a challenge of the downtime captcha as `gt-offline.js` and `gt4-offline.js` do in a browser, or, where it is the vendor's own rule, as the
 * vendor's widget does. `undefined` for what neither could solve.
 */
export function solve(
  challenge: string,
  { downtime, newCaptcha, version }: Pick<ShownSettings, 'downtime' | 'newCaptcha' | 'version'>,
  now: number,
): AnswerFields | undefined {
  const offline = newCaptcha ? hex('md5', challenge) : undefined
  const validate = downtime === 'failback' ? offline : work(challenge)
  if (validate === undefined) return undefined
  if (version === 4) return namesOf4(challenge, validate, now)
  return { geetest_challenge: challenge, geetest_validate: validate, geetest_seccode: `${validate}|jordan` }
}

/** As `gt4-offline.js` hands it over. */
const namesOf4 = (challenge: string, solution: string, now: number): AnswerFields => ({
  lot_number: challenge.slice(0, 32),
  captcha_output: solution,
  pass_token: challenge,
  gen_time: String(Math.floor(now / 1000)),
})

/** `<id>.gt-offline.1.<hashes>.<count>.<signature>`, numbers in base 36: so many nonces, each after so many tries. */
function work(challenge: string): string | undefined {
  const [, script, version, hashes = '', count = ''] = challenge.split('.')
  if (script !== 'gt-offline' || version !== '1') return undefined
  const seed = hex('sha256', challenge)
  const limit = Math.floor(2 ** 32 / parseInt(hashes, 36))
  const nonces = Array.from({ length: parseInt(count, 36) }, (_, puzzle) => nonce(`${seed}${puzzle}.`, limit))
  // `allow` asks for no work, and wants something in the field.
  return nonces.join('.') || '0'
}

function nonce(prefix: string, limit: number): string {
  for (let tried = 0; ; tried++) {
    const text = tried.toString(36)
    if (parseInt(hex('sha256', prefix + text).slice(0, 8), 16) < limit) return text
  }
}
