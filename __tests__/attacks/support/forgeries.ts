import { createHash, createHmac } from 'node:crypto'
import { GeetestClient } from '../../../lib'
import type { AnswerFields } from '../../../lib/simulator'

const hash = (name: string, text: string) => createHash(name).update(text).digest('hex')
const md5 = (text: string) => hash('md5', text)

export const answer = (challenge: string, validate: string, seccode = `${validate}|jordan`): AnswerFields => ({
  geetest_challenge: challenge,
  geetest_validate: validate,
  geetest_seccode: seccode,
})

/** Judges by the official offline rule of the slide, so that the search below needs no copy of it. */
const slideRule = new GeetestClient({ captchaId: 'a'.repeat(32), privateKey: 'k', newCaptcha: false })

/** Three parts that the official offline rule of the slide accepts, for a challenge with two characters of our own choice. */
export function slideAnswer(challenge: string): AnswerFields {
  const longer = challenge.length === 32 ? `${challenge}00` : challenge
  const [one, , , , fifty] = [...new Set(longer)] as [string, string, string, string, string]
  for (let step = 0; step < 100 * 50; step++) {
    const validate = `${fifty.repeat(Math.floor(step / 50))}${one.repeat(step % 50)}_${one}_${one}`
    if (slideRule.failValidate(longer, validate, 'x')) return answer(longer, validate)
  }
  // Capitals at the end make a base below zero, which no sum of weights can reach.
  return answer(longer, '__')
}

/** Answers made without the key, without the cloud and without any work; for each, somebody's server once said yes. */
export const forgeries: [name: string, forge: (challenge: string, gt: string) => AnswerFields][] = [
  ['md5 of the challenge', (challenge) => answer(challenge, md5(challenge))],
  ['md5 of the challenge in capitals', (challenge) => answer(challenge, md5(challenge).toUpperCase())],
  ['md5 of a longer challenge', (challenge) => answer(`${challenge}a7`, md5(`${challenge}a7`))],
  ['md5 of the first half', (challenge) => answer(challenge, md5(challenge.slice(0, 16)))],
  ['md5 of the word undefined', (challenge) => answer(challenge, md5('undefined'))],
  ['sha256 of the challenge', (challenge) => answer(challenge, hash('sha256', challenge))],
  [
    'hmac under the public id',
    (challenge, gt) => answer(challenge, createHmac('sha256', gt).update(challenge).digest('hex')),
  ],
  ['the signature under an empty key', (challenge) => answer(challenge, md5(`geetest${challenge}`))],
  ['the signature under a missing key', (challenge) => answer(challenge, md5(`undefinedgeetest${challenge}`))],
  ['the signature under the public id', (challenge, gt) => answer(challenge, md5(`${gt}geetest${challenge}`))],
  ['the challenge itself', (challenge) => answer(challenge, challenge)],
  ['a right answer to the offline slide', (challenge) => slideAnswer(challenge)],
  ['three empty parts', (challenge) => answer(challenge, '__')],
  ['a known triple', (challenge) => answer(challenge, '95955_c9c9_ddd')],
  ['the digest of nothing', (challenge) => answer(challenge, md5(''))],
  ['zeros', (challenge) => answer(challenge, '0'.repeat(32))],
  ['a digest that is zero to loose eyes', (challenge) => answer(challenge, `0e${'1'.repeat(30)}`)],
  ['true', (challenge) => answer(challenge, 'true', 'true')],
  ['none', (challenge) => answer(challenge, 'none', 'none')],
  ['32 nonces without work', (challenge) => answer(challenge, Array(32).fill('0').join('.'))],
]
