import { createHmac } from 'node:crypto'
import type { Request } from 'express'
import { sha256 } from '../digest'
import { GeetestError, withoutStack } from '../errors'
import type { GeetestOptions } from './options'

/** The seed's name for the fact that the last issued challenge was online (1) or not (0). */
export const GT_STATUS_SESSION_KEY = 'gt_server_status'
/** The seed's name for the visitor's label. */
export const USER_ID_SESSION_KEY = 'user_id'

/** What the plugin keeps in the session, under `req.session.geetest` and nowhere else. For people to read; no rule trusts it. */
export interface GeetestSession {
  gt_server_status: 0 | 1
  user_id: string
}

declare module 'express-session' {
  interface SessionData {
    geetest?: GeetestSession
  }
}

/**
 * A stand-in for the session's id, so that no store of ours can give a session away.
 * @throws GeetestError `session_missing` where no session middleware ran before
 */
export function sessionOf(req: Request): string {
  const session: unknown = req.session
  // Absent without express-session, and while its store is disconnected.
  if (typeof session !== 'object' || session === null) throw withoutSession(NONE)
  if (typeof req.sessionID !== 'string') throw withoutSession(WITHOUT_ID)
  return hashOfSession(req.sessionID)
}

const withoutSession = (what: string): GeetestError => GeetestError.setup('session_missing', what)

const WRITE = 'app.use(session({ secret, resave: false, saveUninitialized: false }))'
const NONE =
  `there is no req.session with an id. Write ${WRITE} ` +
  'above the captcha (package express-session); if it is there, its store is not connected.'
/** Of cookie-session and its likes: all that is in such a cookie can be sent again, so that nothing in it is used once. */
const WITHOUT_ID =
  'req.session has no id (req.sessionID), as that of cookie-session, whose whole content is a cookie that can be sent again. ' +
  `Write ${WRITE} in its place (package express-session), not beside it: there is one req.session.`

export const hashOfSession = (id: string): string => sha256(id).slice(0, 32)

/** What is noted in the session that this request has, and not in what all objects inherit; a site may have ended the session meanwhile. */
export function factsOf(req: Request): GeetestSession | undefined {
  const session = req.session as Request['session'] | undefined
  return session !== undefined && Object.hasOwn(session, 'geetest') ? session.geetest : undefined
}

/**
 * The label of the visitor: what the user's own function says, else what the session notes, else one made from the session's id. It
 * is the same for every request of a session, whether or not anything could be written there.
 * @param key without which nobody can find the session's id by its label
 */
export function userOf(req: Request, userId: GeetestOptions['userId'], key: Buffer): string {
  return (
    label(userId?.(req)) ??
    factsOf(req)?.user_id ??
    createHmac('sha256', key).update(req.sessionID).digest('hex').slice(0, 16)
  )
}

function label(given: unknown): string | undefined {
  if (given === undefined || given === null || given === '') return undefined
  if (typeof given === 'string' || typeof given === 'number') {
    // A copy: a slice would keep the whole of a long text alive for as long as the ticket.
    return Buffer.from(String(given).slice(0, 256)).toString()
  }
  throw withoutStack(
    GeetestError.setup('invalid_option', `userId(req) returned ${typeof given}; return a string or a number`),
  )
}
