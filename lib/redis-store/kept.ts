import type { Kept, Taken } from '../tickets'
import type { Ask } from './asking'
import { CANCEL, DROP, HOLD, NONCE_BYTES, PUT, TAKE } from './kept-scripts'
import { takenOf, textOf } from './record-text'
import { asText, type Redis } from './redis'

/** A `TicketStore` that always promises. */
export interface Keeping {
  put(id: string, record: Kept, ttl: number): Promise<void>
  take(id: string): Promise<Taken>
  claim(id: string, ttl: number): Promise<Taken>
}

export interface KeepingParts {
  readonly redis: Redis
  readonly ask: Ask
  readonly prefix: string
  readonly random: (size: number) => Buffer
  /** How many tickets of a mode one session may hold. */
  readonly mostOf: (mode: string) => number
}

/**
 * Tickets and passes, each under a key of its own that expires by itself. One command to put, and beside it one for the session's
 * list; one to take. All are repeatable, so that it does not matter what a client sends again (see kept-scripts.ts).
 */
export function keeping({ redis, ask, prefix, random, mostOf }: KeepingParts): Keeping {
  const keyOf = (id: string): string => `${prefix}kept:${id}`
  const nonce = (): string => random(NONCE_BYTES).toString('base64url')

  async function take(id: string, ...ttl: string[]): Promise<Taken> {
    const key = keyOf(id)
    const taker = nonce()
    const answer = await ask(() => redis.call(TAKE, key, [taker, ...ttl]), {
      repeatable: true,
      // The visitor was told to send the answer again.
      unheard: () => redis.call(CANCEL, key, [taker]),
    })
    return takenOf(id, answer)
  }

  async function keep(id: string, record: Kept, ms: number): Promise<void> {
    const args = [nonce(), String(ms), textOf(id, record)]
    const send = (): Promise<unknown> => redis.call(PUT, keyOf(id), args)
    // An answer that nobody could judge is not to be lost, whenever Redis is back.
    const unheard = record.kind === 'ticket' && record.unjudged ? send : undefined
    await ask(send, { repeatable: true, unheard })
  }

  /** So many tickets a session: where one is too many, the oldest is driven out. A lost answer may leave one more. */
  async function hold(id: string, { session, mode }: Kept, ms: number): Promise<void> {
    const key = `${prefix}held:${mode === 'online' ? '' : 'down:'}${session}`
    const args = [id, String(mostOf(mode)), String(ms)]
    const driven = await ask(() => redis.call(HOLD, key, args), { repeatable: true })
    if (!Array.isArray(driven) || driven.length === 0) return
    await Promise.all(
      driven.map((one) => ask(() => redis.call(DROP, keyOf(String(asText(one))), [nonce()]), { repeatable: true })),
    )
  }

  return {
    async put(id, record, ttl) {
      const ms = Math.max(0, Math.ceil(ttl))
      const kept = keep(id, record, ms)
      await (isHeld(id, record) && ms > 0 ? Promise.all([kept, hold(id, record, ms)]) : kept)
    },
    take: (id) => take(id),
    claim: (id, ttl) => take(id, String(Math.max(1, Math.ceil(ttl)))),
  }
}

/** What was put back holds its place; and no id of ours has two lines. */
const isHeld = (id: string, record: Kept): boolean =>
  record.kind === 'ticket' && record.unjudged === undefined && record.session !== '' && !id.includes('\n')
