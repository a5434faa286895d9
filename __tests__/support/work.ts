import { createHash } from 'node:crypto'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Does the work that a downtime challenge asks for, written from the description and not from the code. */
export function work(challenge: string): {
  geetest_challenge: string
  geetest_validate: string
  geetest_seccode: string
} {
  const [, , , hashes = '1', count = '0'] = challenge.split('.')
  const limit = 2 ** 32 / parseInt(hashes, 36)
  const seed = sha256(challenge)
  const nonces = Array.from({ length: parseInt(count, 36) }, (_, puzzle) => {
    for (let nonce = 0; ; nonce++) {
      const text = nonce.toString(36)
      if (parseInt(sha256(`${seed}${puzzle}.${text}`).slice(0, 8), 16) < Math.floor(limit)) return text
    }
  })
  const validate = nonces.join('.') || '0'
  return { geetest_challenge: challenge, geetest_validate: validate, geetest_seccode: `${validate}|jordan` }
}
