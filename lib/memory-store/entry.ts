import { SPENT, type Kept, type Pass, type Successor, type Taken, type Ticket } from '../tickets'
import type { NetworkNode } from '../network-tree'
import type { Link } from './chain'

/** What is the same in many records; kept once, and pointed to. */
interface Common extends Pick<Kept, 'kind' | 'mode' | 'gt' | 'scene'> {
  /** Of a pass. */
  readonly place: number
  /** Of a ticket. */
  readonly unjudged: true | undefined
  /** Of a ticket its `resets`, of a successor what is left; -1 where neither says anything. */
  readonly resets: number
  /** Whether the challenge begins with the id, which is not repeated then. */
  readonly within: boolean
  /** How many characters of the text are the session's, and from where on it is the label of the visitor. */
  readonly session: number
  readonly user: number
  /** How long before `until` both times are, in milliseconds. */
  readonly age: number
  readonly grace: number
}

/**
 * One record, at half the size of what came: one text instead of three, no number but one that would be an object by
 * itself, and no object within it of its own.
 */
export interface Entry extends Link<Entry> {
  readonly id: string
  /** When the store forgets it, in ms since 1970. */
  readonly until: number
  readonly home: NetworkNode<Entry>
  common: Common
  /** Session, challenge and label in one. Gone once the record was taken: what is left is its spent mark. */
  text: string | undefined
  /** Neighbours among what its network holds. */
  elder: Entry | undefined
  junior: Entry | undefined
  /** Of an outstanding ticket: the one before it of the same session. */
  earlier: Entry | undefined
}

/** So many at a time: scenes, modes and lifetimes of a site are few. What is forgotten is only kept once more. */
const MOST_KNOWN = 32

/** The spent mark of something that was never kept here. */
export const markOf = (id: string, until: number, home: NetworkNode<Entry>): Entry =>
  entryOf(copyOf(id), until, home, NOTHING, undefined)

/** Makes of a ticket that its session has driven out what is left of it: nobody can take it, and it was here all the same. */
export function leaveTrace(entry: Entry): void {
  entry.text = undefined
  entry.common = TRACE
}

export const isTrace = ({ common }: Entry): boolean => common === TRACE

const entryOf = (
  id: string,
  until: number,
  home: NetworkNode<Entry>,
  common: Common,
  text: string | undefined,
): Entry => ({
  id,
  until,
  home,
  common,
  text,
  older: undefined,
  newer: undefined,
  elder: undefined,
  junior: undefined,
  earlier: undefined,
})

const NOTHING: Common = {
  kind: 'ticket',
  mode: '',
  gt: '',
  scene: '',
  place: 0,
  unjudged: undefined,
  resets: -1,
  within: false,
  session: 0,
  user: 0,
  age: 0,
  grace: 0,
}

/** What records of any kind may have beside what all have. */
type Members = Omit<Ticket, 'kind'> & Omit<Pass, 'kind'> & Omit<Successor, 'kind'>

const TRACE: Common = { ...NOTHING }

/** Makes entries of records, and remembers what they have in common. */
export function entries(): (id: string, record: Kept, until: number, home: NetworkNode<Entry>) => Entry {
  const known: Common[] = []

  function share(common: Common): Common {
    for (const one of known) if (isSame(one, common)) return one
    if (known.length === MOST_KNOWN) known.shift()
    known.push(common)
    return common
  }

  return (id, record, until, home) => {
    const { kind, mode, gt, scene, session, issued, expires } = record
    const { challenge = '', unjudged, place = 0, resets, left } = record as Partial<Members>
    const within = challenge.startsWith(id)
    const rest = within ? challenge.slice(id.length) : challenge
    const common = share({
      kind,
      mode,
      gt,
      scene,
      place,
      unjudged,
      resets: resets ?? left ?? -1,
      within,
      session: session.length,
      user: session.length + rest.length,
      age: until - issued,
      grace: until - expires,
    })
    const text = [session, rest, record.user].join('')
    return entryOf(rest === '' ? id : copyOf(id), until, home, common, text)
  }
}

/** The record, once; its spent mark afterwards. */
export function takeFrom(entry: Entry): Taken {
  const { id, until, common, text } = entry
  if (text === undefined) return SPENT
  entry.text = undefined
  const { kind, mode, gt, scene, place, unjudged, resets, within } = common
  const session = text.slice(0, common.session)
  const user = text.slice(common.user)
  const binding = { mode, gt, scene, session, user, issued: until - common.age, expires: until - common.grace }
  if (kind === 'pass') return { kind, place, ...binding }
  if (kind === 'successor') return { kind, left: resets, ...binding }
  const challenge = (within ? id : '') + text.slice(common.session, common.user)
  return { kind, challenge, ...binding, ...(unjudged && { unjudged }), ...(resets >= 0 && { resets }) }
}

export const sessionOf = ({ text = '', common }: Entry): string => text.slice(0, common.session)

/** By hand, because it is asked for every record. */
const isSame = (a: Common, b: Common): boolean =>
  a.kind === b.kind &&
  a.mode === b.mode &&
  a.gt === b.gt &&
  a.scene === b.scene &&
  a.place === b.place &&
  a.unjudged === b.unjudged &&
  a.resets === b.resets &&
  a.within === b.within &&
  a.session === b.session &&
  a.user === b.user &&
  a.age === b.age &&
  a.grace === b.grace

/** The same text by itself: a slice keeps alive the whole that it was cut from. */
function copyOf(text: string): string {
  const copy = Buffer.from(text).toString()
  // Half a character is no text for a Buffer.
  return copy === text ? copy : text
}
