import { createHmac } from 'node:crypto'
import type { Answer } from '../answer'
import { deriveKey, equalText, sha256 } from '../digest'
import { GeetestError } from '../errors'
import { BASE_HASHES, PUZZLES } from './difficulty'
import type { DowntimeProvider } from './provider'

/** `<id>.gt-offline.1.<hashes>.<count>.<signature>`, numbers in base 36; the `1` is the version of all that follows. */
const CHALLENGE = /^([0-9a-f]{32}\.gt-offline\.1\.([0-9a-z]{1,7})\.([0-9a-z]{1,2}))\.([\w-]{22})$/
const NONCE = /^[0-9a-z]{1,8}$/

/** Eight times that, for those who ask for more than their share, is 2^28 hashes: minutes of work for a phone. More would lock people out. */
const MOST_HASHES = 2 ** 20

/** What `proofOfWork` is made from. */
export interface ProofOfWorkOptions {
  /** The captcha's private key; the signing key is derived from it, so that all nodes agree without talking. */
  readonly privateKey: string
  /**
   * Tries per puzzle on average. Default 32768; from 1 to 2^20. There are 32 puzzles. Who asks for more than a fair share is asked for up
   * to eight times as many: with the default, a slow phone then works for some 4 seconds on four cores, and some 22 without workers.
   */
  readonly hashes?: number
}

/**
 * Work instead of a verdict: bounded, signed, and worth nothing outside its ticket. It does not tell people from bots;
 * it makes every attempt cost what an md5 does not.
 */
export function proofOfWork({ privateKey, hashes = BASE_HASHES }: ProofOfWorkOptions): DowntimeProvider {
  if (!Number.isInteger(hashes) || hashes < 1 || hashes > MOST_HASHES) {
    throw GeetestError.setup(
      'invalid_option',
      `proofOfWork: hashes is ${hashes}; write a whole number from 1 to 2 ** 20`,
    )
  }
  const key = deriveKey(privateKey, 'downtime proof-of-work 1')
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('base64url').slice(0, 22)

  function solves({ challenge, validate }: Answer): boolean {
    const [, signed, work, count, signature] = CHALLENGE.exec(challenge) ?? []
    if (signed === undefined || !equalText(sign(signed), String(signature))) return false
    return solvesPuzzles(challenge, validate.split('.'), parseInt(String(work), 36), parseInt(String(count), 36))
  }

  return {
    name: 'proof-of-work',
    script: 'gt-offline',
    issue(id, { work } = { work: 1 }) {
      const terms = `1.${(hashes * work).toString(36)}.${PUZZLES.toString(36)}`
      return `${terms}.${sign(`${id}.gt-offline.${terms}`)}`
    },
    verify: solves,
  }
}

/**
 * Puzzle i is solved by a nonce with which sha256 begins low enough. The hashed text begins with the challenge's own
 * hash in hex, which is exactly one block: a solver computes it once, and each try costs one block more.
 */
function solvesPuzzles(challenge: string, nonces: readonly string[], hashes: number, count: number): boolean {
  const seed = sha256(challenge)
  const limit = Math.floor(2 ** 32 / hashes)
  return (
    nonces.length === count &&
    nonces.every((nonce, i) => NONCE.test(nonce) && parseInt(sha256(`${seed}${i}.${nonce}`).slice(0, 8), 16) < limit)
  )
}
