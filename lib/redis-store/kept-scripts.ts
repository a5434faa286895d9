import { script } from './script'

/**
 * What stands under a record's key: a state, the nonces of the writes that made it so, a colon, and the record.
 *
 *     L<nonces>:<record>   live: the next taker gets it
 *     S<nonces>:<record>   spent: taken by whoever wrote the first nonce, who gets the same again; all others get `spent`
 *     G<nonces>:           gone: as if nothing was there
 *     D<nonces>:           driven out by others of its session: gone, but that something was there is still known
 *
 * Every write brings a nonce of its own and does nothing where that is known already. So a command may arrive twice, early, late or
 * after others, as clients send again what a lost connection has not answered: nothing is put back that somebody has taken since.
 * Records of former versions are plain JSON, their mark is `spent`; whatever else is there is nothing of ours.
 */

/** Characters of a nonce: 48 random bits, which only have to differ among the writes of one key. */
export const NONCE_BYTES = 6
const NONCE = 8
/** So many writes of a key are remembered: a command that comes later than 32 others is not known any more. */
const REMEMBERED = 32 * NONCE

const STATE = `
local text = redis.call('GET', KEYS[1])
local state, nonces, body = 'G', '', ''
if text == 'spent' then
  state = 'S'
elseif text and string.sub(text, 1, 1) == '{' then
  state, body = 'L', text
elseif text and string.find(text, '^[LSGD][%w_-]*:') then
  local colon = string.find(text, ':', 1, true)
  state, nonces, body = string.sub(text, 1, 1), string.sub(text, 2, colon - 1), string.sub(text, colon + 1)
end
local driven = state == 'D'
if driven then state = 'G' end
local nonce = ARGV[1]
local known = string.find(nonces, nonce, 1, true)
local mine = string.sub(nonces, 1, ${NONCE}) == nonce
local function write(state, nonces, body, ms)
  if driven and state == 'G' then state = 'D' end
  local value = state .. string.sub(nonces, 1, ${REMEMBERED}) .. ':' .. body
  redis.call('SET', KEYS[1], value, 'PX', ms or math.max(1, redis.call('PTTL', KEYS[1])))
end
`

/** ARGV: nonce, milliseconds (0 and less: what is there is gone), record. Replaces whatever is there. */
export const PUT = script(`${STATE}
if known then return 0 end
if tonumber(ARGV[2]) > 0 then
  write('L', nonce .. nonces, ARGV[3], ARGV[2])
elseif text then
  write('G', nonce .. nonces, '')
end
return 1`)

/**
 * ARGV: nonce, and for a claim milliseconds. Answers the record, `spent`, or nil where nothing is known; a claim then leaves its
 * mark for that long.
 */
export const TAKE = script(`${STATE}
if state == 'S' then
  if not mine then return 'spent' end
  return body ~= '' and body
end
if state == 'G' and not ARGV[2] then return false end
if known then return 'spent' end
if state == 'L' then
  write('S', nonce .. nonces, body)
  return body
end
write('S', nonce .. nonces, '', ARGV[2])
return false`)

/** ARGV: the nonce of a taker that nobody heard. What it took is there again, and what it may still be about to take it does not get. */
export const CANCEL = script(`${STATE}
if not text or text == 'spent' then return 0 end
if state == 'S' and mine then
  write(body == '' and 'G' or 'L', nonces, body)
elseif not known then
  write(state, string.sub(nonces, 1, ${NONCE}) .. nonce .. string.sub(nonces, ${NONCE + 1}), body)
end
return 1`)

/**
 * ARGV: nonce. Drives a live record out, so that nobody takes it for what was never issued; one that was posted before leaves a mark, so
 * that it cannot be claimed anew.
 */
export const DROP = script(`${STATE}
if state ~= 'L' then return 0 end
write(#nonces > ${NONCE} and 'S' or 'D', nonce .. nonces, '')
return 1`)

/**
 * Whether anything is there; which server this is, how many keys it has evicted since it was started (-1 where it does not say), and its
 * time in milliseconds. No key is written.
 */
export const KNOWS = script(`
local text = redis.call('GET', KEYS[1])
local about, stats = redis.pcall('INFO', 'server'), redis.pcall('INFO', 'stats')
local known, server, evicted = 0, '', '-1'
if text and not string.find(text, '^G[%w_-]*:') then known = 1 end
if type(about) == 'string' and type(stats) == 'string' then
  server = string.match(about, 'run_id:(%w+)') or ''
  evicted = string.match(stats, 'evicted_keys:(%d+)') or '-1'
end
local time = redis.call('TIME')
return { known, server, evicted, string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)) }`)

/**
 * KEYS: a session's list. ARGV: an id, how many may be on it, milliseconds. Answers the ids that were on it longest and are too many.
 * One text, because a list of one takes three times the room.
 */
export const HOLD = script(`
local ids = redis.call('GET', KEYS[1]) or ''
local driven = {}
if string.find('\\n' .. ids, '\\n' .. ARGV[1] .. '\\n', 1, true) then return driven end
ids = ids .. ARGV[1] .. '\\n'
local _, count = string.gsub(ids, '\\n', '')
while count > tonumber(ARGV[2]) do
  local cut = string.find(ids, '\\n', 1, true)
  driven[#driven + 1] = string.sub(ids, 1, cut - 1)
  ids = string.sub(ids, cut + 1)
  count = count - 1
end
redis.call('SET', KEYS[1], ids, 'PX', ARGV[3])
return driven`)
