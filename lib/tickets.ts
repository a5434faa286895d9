/** How an answer to a challenge will be judged: by the cloud, or by the downtime provider of that name. */
export type Mode = 'online' | (string & {})

/** What a record in the store is about: whose it is, for what, and until when (ms since 1970). Plain JSON. */
interface Binding {
  readonly mode: Mode
  readonly gt: string
  readonly scene: string
  /** Hash of the session id; the id itself is never stored. */
  readonly session: string
  readonly user: string
  readonly issued: number
  readonly expires: number
}

/** One outstanding challenge. Its `mode` was chosen by the server at issue and decides how the answer is judged. */
export interface Ticket extends Binding {
  readonly kind: 'ticket'
  readonly challenge: string
  /** It was put back, because nobody could judge its answer. */
  readonly unjudged?: true
  /** Of a challenge that the cloud made at a `reset()`: how many of those may follow it. Absent: it was registered by the site. */
  readonly resets?: number
}

/** One success that may be spent at a guarded route of the same session and scene. */
export interface Pass extends Binding {
  readonly kind: 'pass'
  /**
   * `0`: left by POST /validate. From 1: one further use each, left by a guard that grants several. One record a use, so
   * that counting needs nothing of a store but its atomic `take`.
   */
  readonly place: number
}

/**
 * What a ticket leaves whose answer the cloud has said yes to: after the widget's `reset()`, this session may answer under a challenge that
 * the cloud has made. It ends when the ticket would have.
 */
export interface Successor extends Binding {
  readonly kind: 'successor'
  /** How many such answers may follow. */
  readonly left: number
}

/** What a store keeps. */
export type Kept = Ticket | Pass | Successor

/** What `take` answers for a record that somebody took before. */
export const SPENT = 'spent'

/** What a store answers for one taker: the record, once; `SPENT` afterwards; `undefined` for what it does not know. */
export type Taken = Kept | typeof SPENT | undefined

/**
 * Where tickets and passes live. Two methods, and a third for version 4; the rest is the core's business.
 *
 * `take` must be atomic: of any number of simultaneous takers, over all processes, exactly one gets the record. A store
 * that cannot remember what was taken may answer `undefined` instead of `SPENT`; denials then read `unknown_challenge`
 * instead of `replayed`. Either method may throw or reject: the visitor gets `store_error` (503), never a pass.
 */
export interface TicketStore {
  /**
   * Milliseconds after which it has answered or rejected, whatever it is asked, where it has a deadline of its own: the plugin then waits
   * at least as long. Absent: the plugin's `timeout` alone counts.
   */
  readonly timeout?: number
  /**
   * Most tickets that one process may leave in it within ten minutes; default 100,000, shared out fairly among networks, and who wants
   * more is told to wait (429). `Infinity`: it makes room by itself.
   */
  readonly recordLimit?: number
  /**
   * Keeps `record` under `id` for `ttl` milliseconds, replacing what was there, a spent mark too.
   * @param network whose record it is: where room is short, it may be made at the expense of the network that holds the
   * most. A store without a limit of its own need not look at it, and none needs to keep it.
   */
  put(id: string, record: Kept, ttl: number, network: string): void | Promise<void>
  take(id: string): Taken | Promise<Taken>
  /**
   * As `take`; and where nothing is known of `id`, leaves its spent mark there for `ttl` milliseconds and answers `undefined`. Atomic
   * too: of any number of simultaneous callers exactly one gets the record, or else exactly one gets `undefined`. Version 4 needs
   * it, whose captchas nobody has issued here; without it only version 3 can be guarded.
   * @param network whose mark it is, as with `put`
   */
  claim?(id: string, ttl: number, network: string): Taken | Promise<Taken>
  /**
   * Whether anything is kept under `id`, a spent mark too; nothing is taken. `undefined` where it cannot be told, because what was kept may
   * have been lost before its time: to a limit on the store's size, or by somebody's hand. Only a store that has this and `claim` knows of
   * a challenge that nobody was ever issued it, and without that, answers after the widget's `reset()` are refused (option `resets`).
   */
  knows?(id: string): boolean | undefined | Promise<boolean | undefined>
}

/** The ticket's id in the store: the part of a challenge that every captcha type hands back unchanged (protocol 1.6). */
export const ticketId = (challenge: string): string => challenge.slice(0, 32)

/** The pass's id: in each place one per session, scene and captcha id. */
export const passId = ({ gt, scene, session, place }: Pick<Pass, 'gt' | 'scene' | 'session' | 'place'>): string =>
  `pass:${gt}:${scene}:${session}:${place}`

/** The id of what a ticket leaves for answers after a `reset()`: one per session, scene and captcha id. */
export const successorId = ({ gt, scene, session }: Pick<Successor, 'gt' | 'scene' | 'session'>): string =>
  `successor:${gt}:${scene}:${session}`

/** So many tickets one session may have outstanding; of those that are not the cloud's to judge, few: each is an attempt worked for in advance. */
const MOST_ONLINE = 64
const MOST_DOWNTIME = 4

/** How many tickets of that mode's kind one session may have outstanding; the oldest makes room. */
export const mostOutstanding = (mode: Mode): number => (mode === 'online' ? MOST_ONLINE : MOST_DOWNTIME)

/**
 * Whether a posted challenge is the issued one: the same, or the same and two characters more, which the slide type
 * appends (protocol 1.6).
 */
export function sameChallenge(issued: string, posted: string): boolean {
  return posted.startsWith(issued) && (posted.length === issued.length || posted.length === issued.length + 2)
}
