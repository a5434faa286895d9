import { mostOutstanding, type Kept } from '../tickets'
import { sessionOf, type Entry } from './entry'

/** What one session may hold together: all that the cloud judges, or all that it does not. */
const isSameKind = (a: string, b: string): boolean => (a === 'online') === (b === 'online')

/**
 * The outstanding tickets of each session. The newest leads to those before it; as they are few, they are counted and found by going
 * through them, which takes no more of memory than a number and two pointers a ticket.
 */
export class Sessions {
  /** By a hash of the session, which several may have. */
  readonly #newest = new Map<number, Entry>()

  /** Notes the entry of a ticket; returns the oldest of its session where that is one too many. */
  add(entry: Entry, { session, mode }: Kept): Entry | undefined {
    const key = hashOf(session)
    entry.earlier = this.#newest.get(key)
    this.#newest.set(key, entry)
    let left = mostOutstanding(mode)
    for (let one: Entry | undefined = entry; one !== undefined; one = one.earlier) {
      if (!isSameKind(one.common.mode, mode) || !isOf(one, session)) continue
      if (left === 0) return one
      left -= 1
    }
    return undefined
  }

  /** Before its text is gone. */
  remove(entry: Entry): void {
    const key = hashOf(sessionOf(entry))
    let at = this.#newest.get(key)
    if (at === entry) {
      if (entry.earlier === undefined) this.#newest.delete(key)
      else this.#newest.set(key, entry.earlier)
    } else {
      while (at !== undefined && at.earlier !== entry) at = at.earlier
      if (at !== undefined) at.earlier = entry.earlier
    }
    entry.earlier = undefined
  }
}

const isOf = ({ text = '', common }: Entry, session: string): boolean =>
  common.session === session.length && text.startsWith(session)

/** FNV-1a, cut to what is no object by itself. */
function hashOf(session: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < session.length; i++) hash = Math.imul(hash ^ session.charCodeAt(i), 0x01000193)
  return hash >> 1
}
