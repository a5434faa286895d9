import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { Limiters } from '../budget'
import type { Ask } from './asking'
import type { Redis } from './redis'
import { COUNT } from './scripts'

/** Counters in Redis. The limiter meets our own way of asking, so that it has the same deadline and never waits in a queue. */
export function createLimiters(redis: Redis, ask: Ask, prefix: string): Limiters {
  const storeClient = {
    eval: (script: string, { keys, arguments: args }: { keys: string[]; arguments: string[] }) =>
      ask(() => redis.run(script, keys, args)),
    multi: () => reading((key) => ask(() => redis.run(COUNT, [key], []))),
  }
  return {
    limiter: ({ keyPrefix, ...settings }) =>
      new RateLimiterRedis({
        ...settings,
        keyPrefix: `${prefix}limit:${keyPrefix}`,
        storeClient,
        // Tells the limiter in which of the two clients' ways to ask.
        useRedisPackage: true,
      }),
  }
}

/** `multi().get(key).pTTL(key).exec()`, as the limiter reads a counter, in one command. */
function reading(read: (key: string) => Promise<unknown>) {
  let wanted = ''
  const chain = {
    get(key: string) {
      wanted = key
      return chain
    },
    pTTL: () => chain,
    exec: () => read(wanted),
  }
  return chain
}
