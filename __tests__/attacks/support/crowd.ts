import { randomBytes } from 'node:crypto'
import type { AnswerFields, Simulator } from '../../../lib/simulator'
import { cookieOf, type Wire } from './wire'

/** A challenge that was issued to a session, and the right answer to it. */
interface Held {
  readonly cookie: { Cookie: string }
  readonly right: AnswerFields
}

/** One more visitor of a crowd, with a session and a solved captcha of their own. */
export async function issue(wire: Wire, simulator: Simulator, headers: Record<string, string> = {}): Promise<Held> {
  const answered = await wire.send('GET', '/getcaptcha', headers)
  return { cookie: cookieOf(answered), right: simulator.answer(JSON.parse(answered.text).challenge) }
}

export const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))

/** What looks like a challenge or a digest, and is none. */
export const hex = (): string => randomBytes(16).toString('hex')
