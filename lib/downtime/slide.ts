import { md5 } from '../digest'

/**
 * How near is near: `seed`, less than 3 pixels, as the official Python and Node have it; `widget`, 3 as well, up to which the vendor's own
 * widget tells people that they have passed, and which its Java and PHP accept (protocol 2.2).
 */
export type Tolerance = 'seed' | 'widget'

/**
 * The offline rule of the slide captcha (protocol 2.2): three numbers, encoded with the challenge as the code book.
 * Answers `false` where the official Python raises: fewer than three parts, or a challenge too short to decode with.
 */
export function solvesSlide(challenge: string, validate: string, tolerance: Tolerance = 'seed'): boolean {
  const [answer, background, image] = validate.split('_')
  if (answer === undefined || background === undefined || image === undefined) return false
  return isNearGap(decode(challenge, answer), decode(challenge, background), decode(challenge, image), tolerance)
}

/** Whether a piece dropped at `answer` fits the gap of that picture pair; NaN, from an undecodable part, never does. */
export function isNearGap(answer: number, background: number, image: number, tolerance: Tolerance = 'seed'): boolean {
  const off = Math.abs(answer - gapPosition(background, image))
  return tolerance === 'seed' ? off < 3 : off <= 3
}

function gapPosition(background: number, image: number): number {
  const even = md5(String(background))
  const odd = md5(String(image)).slice(10)
  const mixed = Array.from({ length: 9 }, (_, i) => (i % 2 === 0 ? even : odd)[i]).join('')
  return Math.max(parseInt(mixed.slice(4), 16) % 200, 40)
}

/** One part as a number; `NaN` for a challenge without the two characters at its end that carry the base. */
export function decode(challenge: string, part: string): number {
  if (part.length > 100) return 0
  const weights = codeBook(challenge)
  let sum = 0
  for (const character of part) sum += weights.get(character) ?? 0
  return sum - base(challenge)
}

/** The number hidden in the two characters after the first 32. */
export function base(challenge: string): number {
  return 36 * digit(challenge.charCodeAt(32)) + digit(challenge.charCodeAt(33))
}

function digit(code: number): number {
  return code > 57 ? code - 87 : code - 48
}

function codeBook(challenge: string): Map<string, number> {
  const weights = [1, 2, 5, 10, 50]
  const distinct = [...new Set(challenge)]
  return new Map(distinct.map((character, i) => [character, weights[i % weights.length] as number]))
}
