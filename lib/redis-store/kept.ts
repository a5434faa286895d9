import type { Kept, Taken } from '../tickets'
import type { Ask } from './asking'
import { createEvictions } from './evictions'
import { CANCEL, DROP, HOLD, KNOWS, NONCE_BYTES, PUT, TAKE } from './kept-scripts'
import { takenOf, textOf } from './record-text'
import { asText, type Redis } from './redis'

/** A `TicketStore` that always promises. */
export interface Keeping {
  put(id: string, record: Kept, ttl: number): Promise<void>
  take(id: string): Promise<Taken>
  claim(id: string, ttl: number): Promise<Taken>
  knows(id: string): Promise<boolean | undefined>
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

  const evictions = createEvictions()

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

  const hold = (id: string, { session, mode }: Kept, ms: number): Promise<unknown> =>
    redis.call(HOLD, `${prefix}held:${mode === 'online' ? '' : 'down:'}${session}`, [
      id,
      String(mostOf(mode)),
      String(ms),
    ])

  return {
    async put(id, record, ttl) {
      const ms = Math.max(0, Math.ceil(ttl))
      const args = [nonce(), String(ms), textOf(id, record)]
      const keep = (): Promise<unknown> => redis.call(PUT, keyOf(id), args)
      const held = isHeld(id, record) && ms > 0
      const [driven] = await ask(() => Promise.all([held && hold(id, record, ms), keep()]), {
        repeatable: true,
        // An answer that nobody could judge is not to be lost, whenever Redis is back.
        unheard: record.kind === 'ticket' && record.unjudged ? keep : undefined,
      })
      // Where this answer was lost and the command sent again, one ticket more is left to the session.
      const ids = Array.isArray(driven) ? driven.map((one) => String(asText(one))) : []
      await Promise.all(ids.map((one) => ask(() => redis.call(DROP, keyOf(one), [nonce()]), { repeatable: true })))
    },
    take: (id) => take(id),
    claim: (id, ttl) => take(id, String(Math.max(1, Math.ceil(ttl)))),
    async knows(id) {
      const answer = await ask(() => redis.call(KNOWS, keyOf(id), []), { repeatable: true })
      const [known, server, evicted, time] = (Array.isArray(answer) ? answer : []) as unknown[]
      const isComplete = evictions.look(String(asText(server)), Number(asText(evicted)), Number(asText(time)))
      return Number(known) === 1 || (isComplete ? false : undefined)
    },
  }
}

/** What was put back holds its place; and no id of ours has two lines. */
const isHeld = (id: string, record: Kept): boolean =>
  record.kind === 'ticket' && record.unjudged === undefined && record.session !== '' && !id.includes('\n')
