import { createHash } from 'node:crypto'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The terms of a downtime challenge, read from the description and not by the code. */
function terms(challenge: string) {
  const [, , , hashes = '1', count = '0'] = challenge.split('.')
  return { limit: Math.floor(2 ** 32 / parseInt(hashes, 36)), count: parseInt(count, 36), seed: sha256(challenge) }
}

/** Whether a nonce solves one puzzle of a challenge with these terms. */
const isSolved = ({ limit, seed }: ReturnType<typeof terms>, puzzle: number, text: string): boolean =>
  parseInt(sha256(`${seed}${puzzle}.${text}`).slice(0, 8), 16) < limit

/** The first nonce that solves one puzzle, or the first that does not. */
export function nonce(challenge: string, puzzle: number, solves = true): string {
  const given = terms(challenge)
  for (let tried = 0; ; tried++) {
    const text = tried.toString(36)
    if (isSolved(given, puzzle, text) === solves) return text
  }
}

/** Whether that is the work that a downtime challenge asks for: all of it, and nothing else. */
export function isWorked(challenge: string, validate: string): boolean {
  const { limit, count, seed } = terms(challenge)
  const nonces = validate.split('.')
  return (
    nonces.length === count &&
    nonces.every((text, puzzle) => parseInt(sha256(`${seed}${puzzle}.${text}`).slice(0, 8), 16) < limit)
  )
}

/** Does the work that a downtime challenge asks for. */
export function work(challenge: string): {
  geetest_challenge: string
  geetest_validate: string
  geetest_seccode: string
} {
  const nonces = Array.from({ length: terms(challenge).count }, (_, puzzle) => nonce(challenge, puzzle))
  const validate = nonces.join('.') || '0'
  return { geetest_challenge: challenge, geetest_validate: validate, geetest_seccode: `${validate}|jordan` }
}

/** Whether an answer holds the work that its challenge asks for. */
export function isWork(answer: { readonly geetest_challenge: string; readonly geetest_validate: string }): boolean {
  const given = terms(answer.geetest_challenge)
  const nonces = answer.geetest_validate.split('.')
  return nonces.length === given.count && nonces.every((text, puzzle) => isSolved(given, puzzle, text))
}
