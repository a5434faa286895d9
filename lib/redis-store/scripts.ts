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

/**
 * KEYS: the window, the one before, the place where all share, the visitor's own places. ARGV: milliseconds of a window, how often each own
 * place may ask, how far the shared one is counted, and whether the own places and the shared one are to be counted.
 * Answers how old the window is, the places (the shared one first) and both windows, all as they were before.
 */
export const COUNT = LUA(`
local length, limit, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local began = tonumber(redis.call('HGET', KEYS[1], 'began') or now)
if now - began >= length or now < began then
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('PEXPIRE', KEYS[2], length)
  began = now
end
if redis.call('HSETNX', KEYS[1], 'began', string.format('%.0f', began)) == 1 then
  redis.call('PEXPIRE', KEYS[1], 2 * length)
end
local counts = redis.call('MGET', unpack(KEYS, 3))
local demand, before = redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2])
local function add(i)
  redis.call('INCR', KEYS[i])
  if not counts[i - 2] then redis.call('PEXPIRE', KEYS[i], began + length - now) end
end
local room = true
for i = 4, #KEYS do room = room and tonumber(counts[i - 2] or 0) < limit end
if room and ARGV[4] == '1' then
  for i = 4, #KEYS do add(i) end
end
local asked = tonumber(counts[1] or 0) + 1
if room and ARGV[5] == '1' and asked <= most then
  add(3)
  redis.call('HINCRBY', KEYS[1], 'asked', 1)
  local width = 1
  while asked > 8 * width do width = width * 2 end
  if asked % width == 0 then redis.call('HINCRBY', KEYS[1], string.format('%.0f', asked), 1) end
end
return { now - began, counts, demand, before }`)
