import { md5, signValidate } from '../../lib/digest'
import type { Simulator } from '../../lib/simulator'
import { work } from '../support/work'
import { FIELDS, type Answering } from './case'
import type { Issued } from './ledger'

export type Fields = Record<string, unknown>

/** What a visitor sends who makes such an answer to that challenge; with another at hand, to swap fields with. */
export function answerTo(how: Answering, challenge: Issued, other: Issued, simulator: Simulator): Fields {
  if (how.twist === 'none') return {}
  const right =
    how.twist === 'signed' || how.twist === 'md5'
      ? forge(how.twist, challenge, simulator)
      : solve(how, challenge, simulator)
  switch (how.twist) {
    case 'swap':
      return { ...right, [how.field]: solve(how, other, simulator)[how.field] }
    case 'drop':
      return Object.fromEntries(Object.entries(right).filter(([name]) => name !== how.field))
    case 'upper':
      return { ...right, [how.field]: String(right[how.field]).toUpperCase() }
    case 'set':
      return { ...right, [how.field]: how.value }
    case 'mutate':
      return { ...right, [how.field]: splice(String(right[how.field]), how.at, how.text) }
    default:
      return right
  }
}

/** The right answer, as far as there is one: earned from the simulator, or by the work that was asked for. */
function solve({ twist }: Answering, { challenge, online }: Issued, simulator: Simulator): Fields {
  if (!online) return fields(challenge, solveOffline(challenge))
  const known = simulator.events.some((event) => event.challenge === challenge)
  if (!known) return fields(challenge, signValidate(challenge, simulator.privateKey))
  try {
    return { ...simulator.answer(challenge, { slide: twist === 'slide' }) }
  } catch {
    // Too late: the cloud has forgotten it. The signature would be right still.
    return fields(challenge, signValidate(challenge, simulator.privateKey))
  }
}

/** Everything but the puzzle: what whoever had the key could compute, and what anybody can. */
function forge(twist: 'signed' | 'md5', { challenge }: Issued, { privateKey }: Simulator): Fields {
  return fields(challenge, twist === 'md5' ? md5(challenge) : signValidate(challenge, privateKey))
}

/** By what the challenge asks for: work, or the vendor's own rule for its new captcha. */
const solveOffline = (challenge: string): string =>
  challenge.includes('.') ? work(challenge).geetest_validate : md5(challenge)

function fields(challenge: string, validate: string): Fields {
  const values = [challenge, validate, `${validate}|jordan`]
  return Object.fromEntries(FIELDS.map((name, i) => [name, values[i]]))
}

function splice(text: string, at: number, insert: string): string {
  const place = at % (text.length + 1)
  return text.slice(0, place) + insert + text.slice(place + insert.length)
}
