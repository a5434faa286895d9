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
  if (typeof session !== 'object' || session === null || typeof req.sessionID !== 'string') {
    throw GeetestError.setup(
      'session_missing',
      'there is no req.session with an id. Write app.use(session({ secret, resave: false, saveUninitialized: false })) ' +
        'above the captcha (package express-session); if it is there, its store is not connected.',
    )
  }
  return hashOfSession(req.sessionID)
}

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
