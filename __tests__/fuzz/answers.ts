import type { Simulator } from '../../lib/simulator'
import { FIELDS, type Answering } from './case'
import type { Issued } from './issued'
import { fields, forge, solve, type Fields } from './right'
import type { Version } from './scenes'

/**
 * What a visitor sends who makes such an answer to that challenge; with another at hand, to swap fields with.
 * @param asked the version of the scene that will get it
 */
export function answerTo(
  how: Answering,
  asked: Version,
  challenge: Issued,
  other: Issued,
  simulator: Simulator,
): Fields {
  if (how.twist === 'none') return {}
  const own =
    how.twist === 'signed' || how.twist === 'md5'
      ? forge(how.twist, challenge, simulator)
      : solve(challenge, simulator, how.twist === 'slide')
  const version = how.translated ? asked : challenge.version
  const right = version === challenge.version ? own : translate(version, challenge, own)
  if (!('field' in how)) return right
  const place = how.field % FIELDS[version].length
  return twisted(how, right, String(FIELDS[version][place]), () => Object.values(solve(other, simulator))[place])
}

function twisted(
  how: Extract<Answering, { field: number }>,
  right: Fields,
  name: string,
  foreign: () => unknown,
): Fields {
  switch (how.twist) {
    case 'swap':
      return { ...right, [name]: foreign() ?? right[name] }
    case 'drop':
      return Object.fromEntries(Object.entries(right).filter(([one]) => one !== name))
    case 'upper':
      return { ...right, [name]: String(right[name]).toUpperCase() }
    case 'set':
      return { ...right, [name]: how.value }
    case 'mutate':
      return { ...right, [name]: splice(String(right[name]), how.at, how.text) }
  }
}

/** The same challenge and the same proof under the names of the other version. */
const translate = (version: Version, challenge: Issued, own: Fields): Fields =>
  fields(version, challenge, String(own[FIELDS[challenge.version][1]]))

function splice(text: string, at: number, insert: string): string {
  const place = at % (text.length + 1)
  return text.slice(0, place) + insert + text.slice(place + insert.length)
}
