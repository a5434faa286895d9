import { SPENT, type Kept, type Taken } from '../tickets'
import type { Ask } from './asking'
import { asText, ignore, type Redis } from './redis'
import { CLAIM, PUT_BACK, RELEASE, SWAP } from './scripts'

/** A `TicketStore` that always promises. */
export interface Keeping {
  put(id: string, record: Kept, ttl: number): Promise<void>
  take(id: string): Promise<Taken>
  claim(id: string, ttl: number): Promise<Taken>
}

/** Tickets and passes, each under a key of its own that expires by itself. One command to put, one to take. */
export function keeping(redis: Redis, ask: Ask, prefix: string): Keeping {
  const keyOf = (id: string): string => `${prefix}kept:${id}`
  let swap = modernSwap(redis)

  /** Which way it goes is found out once, by what the server answers. */
  async function swapEither(key: string): Promise<unknown> {
    try {
      return await swap(key)
    } catch (error) {
      if (!isSyntaxError(error)) throw error
      swap = scriptedSwap(redis)
      return swap(key)
    }
  }

  /** An answer that came too late went to nobody: the visitor may send it again. */
  function putBack(key: string, text: unknown): void {
    if (typeof parse(text) === 'object') redis.run(PUT_BACK, [key], [SPENT, String(text)]).catch(ignore)
  }

  /** So did a claim; the mark is this one's, for whoever came after it was told that it is spent. */
  function release(key: string, text: unknown): void {
    if (asText(text) === undefined) redis.run(RELEASE, [key], [SPENT]).catch(ignore)
    else putBack(key, text)
  }

  return {
    async put(id, record, ttl) {
      const ms = Math.ceil(ttl)
      await ask(() => (ms > 0 ? redis.set(keyOf(id), JSON.stringify(record), ms) : redis.del(keyOf(id))))
    },
    async take(id) {
      const key = keyOf(id)
      const swapped = await ask(
        () => swapEither(key),
        (tooLate) => putBack(key, tooLate),
      )
      return parse(swapped)
    },
    async claim(id, ttl) {
      const key = keyOf(id)
      const ms = String(Math.max(1, Math.ceil(ttl)))
      const was = await ask(
        () => redis.run(CLAIM, [key], [SPENT, ms]),
        (tooLate) => release(key, tooLate),
      )
      return parse(was)
    },
  }
}

const modernSwap = (redis: Redis) => (key: string) => redis.swap(key, SPENT)
const scriptedSwap = (redis: Redis) => (key: string) => redis.run(SWAP, [key], [SPENT])

/** What Redis before 6.2 says to `GET` within a `SET`. */
const isSyntaxError = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('ERR syntax error')

/** What is nothing of ours is nothing that we know. */
function parse(answer: unknown): Taken {
  const text = asText(answer)
  if (text === undefined || text === SPENT) return text
  try {
    const record: unknown = JSON.parse(text)
    return typeof record === 'object' && record !== null ? (record as Kept) : undefined
  } catch {
    return undefined
  }
}
