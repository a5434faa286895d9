import { createHash, createHmac } from 'node:crypto'
import type { Request, Response } from 'express'
import { deriveKey, equalText } from '../digest'
import type { Ticket } from '../tickets'
import { bringsSession, cookiesOf, sessionIdsOf } from './cookies'
import { hashOfSession } from './session'

/**
 * A page that asks for several challenges at once, as somebody's first page does that has three widgets, begins a session with each: the
 * browser keeps the cookie of one, and the challenges of the others belong to sessions that nobody holds any more. So each answer that begins
 * a session also sets a cookie of its own, which the browser keeps all of: a signed word that this browser was given that session. By two
 * such words, for the challenge's session and for the one that it has now, a browser shows that both were given to it.
 *
 * A session that was not begun by an issue has no such word, and so nothing is carried over into one that a login has begun; not where the
 * answer to that login brings the next challenge either.
 */
export interface FirstIssues {
  /** Sets the cookie, where this request begins a session. */
  note(req: Request, session: string): void
  /** Whether this browser was given the ticket's session, beside its session of now. @param session of the request, as a hash */
  isSibling(req: Request, session: string, ticket: Ticket): boolean
}

const PREFIX = 'geetest_'
/** So much of a session's hash names its cookie. */
const NAME_LENGTH = 16
const COOKIE = /^geetest_([0-9a-f]{16})$/
const WORD = /^([0-9a-z]{1,9})\.([\w-]{22})$/
/** As many as are read of one request, and as one browser is given: a page on which no session is kept must not fill its headers. */
const MOST = 16
/** Requests of one page begin that close to each other, in milliseconds, on the slowest of lines. */
const TOGETHER_MS = 60_000
/** As long as a challenge may be answered. */
const SECONDS = 600

/** Of all plugins in this process. */
const keys = new Map<string, Buffer>()

export function firstIssues(privateKey: string, now: () => number): FirstIssues {
  const key = deriveKey(privateKey, 'first issue 1')
  keys.set(key.toString('base64'), key)

  return {
    note(req, session) {
      const { res } = req
      const cookie = sessionCookieOf(req)
      if (res === undefined || cookie === undefined || noted.has(res) || bringsSession(req)) return
      if (wordsOf(req).length >= MOST || takesAPlace(req)) return
      noted.add(res)
      const [name, issued] = [nameOf(session), now()]
      // Path, domain, SameSite, Secure and HttpOnly are those of the session's own cookie.
      setLast(res, `${cookie.serialize(PREFIX + name, wordOf(session, issued, key))}; Max-Age=${SECONDS}`)
    },

    isSibling(req, session, ticket) {
      const words = wordsOf(req)
      const [given, own] = [ticket.session, session].map((one) => words.find((word) => isTrue(word, one)))
      if (given === undefined || own === undefined) return false
      return isTogether(given.issued, own.issued) && isTogether(given.issued, ticket.issued)
    },
  }
}

/** A server that renders several challenges into one page begins one session with it. */
const noted = new WeakSet<Response>()

/** What express-session writes its own cookie with; other middleware may have nothing like it. */
interface SessionCookie {
  serialize(name: string, value: string): string
}

/** Absent too where the session has ended while the request waited. */
function sessionCookieOf(req: Request): SessionCookie | undefined {
  const { cookie } = (req.session as Request['session'] | undefined) ?? {}
  const { serialize } = (cookie ?? {}) as Partial<SessionCookie>
  return typeof serialize === 'function' ? (cookie as unknown as SessionCookie) : undefined
}

/** Says no more of the session's hash than is needed to tell some sixteen of them apart. */
const nameOf = (session: string): string =>
  createHash('sha256').update(`first issue ${session}`).digest('hex').slice(0, NAME_LENGTH)

function wordOf(session: string, issued: number, key: Buffer): string {
  const mac = createHmac('sha256', key).update(`${session} ${issued}`).digest('base64url').slice(0, 22)
  return `${issued.toString(36)}.${mac}`
}

interface Word {
  readonly name: string
  readonly issued: number
  readonly text: string
}

function wordsOf(req: Request): Word[] {
  const words: Word[] = []
  for (const [cookie, text] of cookiesOf(req)) {
    const name = COOKIE.exec(cookie)?.[1]
    const issued = WORD.exec(text)?.[1]
    if (name === undefined || issued === undefined) continue
    words.push({ name, issued: parseInt(issued, 36), text })
  }
  return words.slice(-MOST)
}

/** By any plugin of this process: a page may show widgets of several. */
const isTrue = ({ name, issued, text }: Word, session: string): boolean =>
  name === nameOf(session) && [...keys.values()].some((key) => equalText(wordOf(session, issued, key), text))

/** Whether this session has taken the place of one that an issue had begun, as a login makes it: its browser is none on its first visit. */
function takesAPlace(req: Request): boolean {
  const words = wordsOf(req)
  return sessionIdsOf(req).some((id) => words.some((word) => isTrue(word, hashOfSession(id))))
}

const isTogether = (one: number, other: number): boolean => Math.abs(one - other) <= TOGETHER_MS

/**
 * Adds a cookie behind whatever else is set: the session's cookie, which express-session writes last of all, stays the first for those who
 * read but one. Without a session's cookie there is none to stand beside.
 */
function setLast(res: Response, cookie: string): void {
  const set = res.setHeader.bind(res)
  res.setHeader = (name, value) => {
    if (name.toLowerCase() !== 'set-cookie') return set(name, value)
    const others = [value].flat().map(String)
    return set(name, [...others.filter((one) => one !== cookie), cookie])
  }
}
