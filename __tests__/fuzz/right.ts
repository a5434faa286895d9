import { md5, signLot, signValidate } from '../../lib/digest'
import type { Simulator } from '../../lib/simulator'
import { work } from '../support/work'
import { FIELDS } from './case'
import type { Issued } from './issued'
import type { Version } from './scenes'

export type Fields = Readonly<Record<string, unknown>>

/** The right answer, as far as there is one: earned from the simulator, or by the work that was asked for. */
export function solve(one: Issued, simulator: Simulator, slide = false): Fields {
  const { version, challenge, online, earned } = one
  if (!online) return fields(version, one, solveOffline(challenge))
  if (version === 4) return earned === undefined ? forge('signed', one, simulator) : inOrder(earned)
  const known = simulator.events.some((event) => event.challenge === challenge)
  if (!known) return forge('signed', one, simulator)
  try {
    return { ...simulator.answer(challenge, { slide }) }
  } catch {
    // Too late: the cloud has forgotten it. The signature would be right still.
    return forge('signed', one, simulator)
  }
}

/** Everything but the puzzle: what whoever had the key could compute, and what anybody can. */
export function forge(how: 'signed' | 'md5', one: Issued, { privateKey }: Simulator): Fields {
  const { version, challenge } = one
  const sign = version === 4 ? signLot : signValidate
  return fields(version, one, how === 'md5' ? md5(challenge) : sign(challenge, privateKey))
}

/** By what the challenge asks for: work, or the vendor's own rule for its new captcha. */
const solveOffline = (challenge: string): string =>
  challenge.includes('.') ? work(challenge).geetest_validate : md5(challenge)

/** A challenge and what is to prove that it was solved, under the names of a version. */
export function fields(version: Version, { challenge, online, captchaId }: Issued, proof: string): Fields {
  const values =
    version === 3
      ? [challenge, proof, `${proof}|jordan`]
      : [challenge.slice(0, 32), proof, online ? proof : challenge, '1700000000', captchaId]
  return Object.fromEntries(FIELDS[version].map((name, i) => [name, values[i]]))
}

const inOrder = (earned: NonNullable<Issued['earned']>): Fields =>
  Object.fromEntries(FIELDS[4].map((name) => [name, earned[name]]))
