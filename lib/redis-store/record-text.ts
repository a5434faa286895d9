import { SPENT, ticketId, type Kept, type Taken } from '../tickets'
import { asText } from './redis'

/** The first member of a record's array. The challenge of most begins with its id, which the key says already. */
const TICKET = 0
const TICKET_OF_ANOTHER_ID = 1
const PASS = 2
/** What most records' mode is. */
const ONLINE = 0

/** Members of each record beside those that not all have. */
const PASS_FIELDS = 9
const TICKET_FIELDS = 9

/**
 * A record as short JSON: an array without the names of its members, and without what the key says. One with members that are not
 * known here, or that few have, is kept as it is.
 */
export function textOf(id: string, record: Kept): string {
  const { mode, gt, scene, session, user, issued, expires } = record
  const binding = [mode === 'online' ? ONLINE : mode, gt, scene, session, user, issued, expires - issued]
  const fields = Object.keys(record).length
  if (record.kind === 'pass') {
    return JSON.stringify(fields === PASS_FIELDS ? [PASS, ...binding, record.place] : record)
  }
  if (record.kind === 'successor') return JSON.stringify(record)
  const { challenge, unjudged } = record
  if (fields !== TICKET_FIELDS + (unjudged === undefined ? 0 : 1)) return JSON.stringify(record)
  const within = challenge.startsWith(id) && id === ticketId(challenge)
  const rest = within ? challenge.slice(id.length) : challenge
  const more = unjudged ? [rest, 1] : rest === '' ? [] : [rest]
  return JSON.stringify([within ? TICKET : TICKET_OF_ANOTHER_ID, ...binding, ...more])
}

/** An answer of Redis as a taker gets it. What is nothing of ours is nothing that we know. */
export function takenOf(id: string, answer: unknown): Taken {
  const text = asText(answer)
  if (text === undefined || text === SPENT) return text
  try {
    const read: unknown = JSON.parse(text)
    if (Array.isArray(read)) return recordOf(id, read)
    return typeof read === 'object' && read !== null ? (read as Kept) : undefined
  } catch {
    return undefined
  }
}

function recordOf(id: string, members: unknown[]): Kept {
  const [kind, mode, gt, scene, session, user, issued, lifetime, last, unjudged] = members as [
    number,
    string | typeof ONLINE,
    string,
    string,
    string,
    string,
    number,
    number,
    unknown,
    unknown,
  ]
  const binding = {
    mode: mode === ONLINE ? 'online' : mode,
    gt,
    scene,
    session,
    user,
    issued,
    expires: issued + lifetime,
  }
  if (kind === PASS) return { kind: 'pass', place: Number(last), ...binding }
  const challenge = (kind === TICKET ? id : '') + (typeof last === 'string' ? last : '')
  return { kind: 'ticket', challenge, ...binding, ...(unjudged === 1 && { unjudged: true as const }) }
}
