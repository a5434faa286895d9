import { ok, warning, type Check } from '../check'

/** A Redis that is full and evicts what it likes loses challenges that visitors are solving. */
export const redisEviction: Check = {
  code: 'redis_eviction',
  run: ({ redis }) => {
    if (redis === undefined || 'failed' in redis) return undefined
    const { policy, limited } = redis
    if (!/^(allkeys-|volatile-(lru|lfu|random))/.test(policy)) return ok('redis_eviction.ok', { policy })
    const write = 'CONFIG SET maxmemory-policy volatile-ttl'
    return warning(limited ? 'redis_eviction.evicts' : 'redis_eviction.would', write, { policy })
  },
}
