import { LUA } from './script'

/** A day without a lease or a post, and a topic's numbers start anew: from the clock, so that they are larger all the same. */
const FENCES = `
local function next_fence(key)
  if redis.call('HEXISTS', key, 'given') == 0 then
    redis.call('HSET', key, 'given', redis.call('TIME')[1] .. '000')
  end
  redis.call('PEXPIRE', key, 86400000)
  return redis.call('HINCRBY', key, 'given', 1)
end
`

/** KEYS: lease, fences. ARGV: milliseconds. Answers a number that is larger than all before, or nil while the lease is out. */
export const LEASE = LUA(`${FENCES}
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return false end
return next_fence(KEYS[2])`)

/**
 * KEYS: text, fences. ARGV: channel, topic, fence or '', milliseconds, and the text unless it is taken down.
 * Answers whether it stands, also to a user who may not publish. Numbers are compared here, in one step with the write: a stalled node's older word loses.
 */
export const POST = LUA(`${FENCES}
local fence = tonumber(ARGV[3]) or next_fence(KEYS[2])
if fence < tonumber(redis.call('HGET', KEYS[2], 'posted') or '0') then return 0 end
redis.call('HSET', KEYS[2], 'posted', string.format('%.0f', fence))
redis.call('PEXPIRE', KEYS[2], 86400000)
if ARGV[5] then
  redis.call('SET', KEYS[1], ARGV[5], 'PX', ARGV[4])
else
  redis.call('DEL', KEYS[1])
end
redis.pcall('PUBLISH', ARGV[1], ARGV[2])
return 1`)

/** What a counter stands at and how long it counts, without a transaction. */
export const COUNT = `return { redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1]) }`
