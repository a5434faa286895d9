import { equalText, md5 } from '../digest'
import type { Answer } from '../answer'
import type { DowntimeProvider } from './provider'
import { solvesSlide, type Tolerance } from './slide'

/** The new captcha's offline rule (protocol 2.3): anyone can compute it, so it is only ever asked of a ticket's owner. */
export function solvesNewCaptcha(challenge: string, validate: string): boolean {
  return equalText(md5(challenge), validate)
}

/** The offline rule that belongs to what was issued, never to the shape of the answer (protocol section 8). */
export function solvesFailback(
  { challenge, validate }: Answer,
  newCaptcha: boolean,
  tolerance: Tolerance = 'seed',
): boolean {
  return newCaptcha ? solvesNewCaptcha(challenge, validate) : solvesSlide(challenge, validate, tolerance)
}

/**
 * The seed's own downtime rule, for pages that still use the vendor's loader. It keeps logins working and stops nobody
 * who reads this file; the ticket around it stops replay, foreign sessions and made-up challenges.
 *
 * @param newCaptcha whether pages are told `new_captcha: true`, which makes the widget answer by the md5 rule
 */
export function failback(newCaptcha: boolean, random: (size: number) => Buffer): DowntimeProvider {
  return {
    name: 'failback',
    // Two more characters, because the slide rule keeps its base in places 32 and 33 (protocol 2.1).
    issue: () => random(1).toString('hex'),
    // Whom the widget tells of a success has passed.
    verify: (answer) => solvesFailback(answer, newCaptcha, 'widget'),
  }
}
