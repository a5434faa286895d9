import { randomBytes } from 'node:crypto'
import type { Pass, Ticket } from '../tickets'

const hex = (digits: number): string => randomBytes(digits / 2).toString('hex')

/** An id that no store has seen, also where it outlives the tests. */
export const freshId = (): string => hex(32)

/** A ticket as the plugin writes it; each is unlike all others. */
export function ticket(change: Partial<Ticket> = {}): Ticket {
  const issued = Date.now()
  const [gt, session, user] = [hex(32), hex(32), hex(16)]
  const written = { mode: 'online', gt, scene: 'login', session, user, issued, expires: issued + 600_000 }
  return { kind: 'ticket', challenge: hex(32), ...written, ...change }
}

export function pass(): Pass {
  const { challenge: _, ...binding } = ticket()
  return { ...binding, kind: 'pass', place: 0 }
}

/** The longest that the plugin ever writes: a downtime challenge, and a label of the user's in a script of three bytes a letter. */
export const longest = (): Ticket =>
  ticket({ challenge: hex(512), mode: 'm'.repeat(32), scene: 's'.repeat(64), user: '极'.repeat(256) })

/** Ids that a careless store takes for one another, for a pattern, or for something of its own. */
export const ODD_IDS: readonly string[] = [
  'A',
  'a',
  'a ',
  ' a',
  'ä',
  'a\u0308',
  'a:b',
  'a/b',
  '../a',
  'a%2Fb',
  'a*',
  'a?',
  '[a]',
  '{a}',
  "a'b",
  'a"b',
  'a\\b',
  'a\nb',
  '极验',
  '🧩',
  'pass:0123:login:4567:0',
  'x'.repeat(256),
  `${'x'.repeat(255)}y`,
]
