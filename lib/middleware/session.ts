import { createHash, randomBytes } from 'node:crypto'
import type { Request } from 'express'
import type { SessionData } from 'express-session'
import { GeetestError } from '../errors'
import type { Holder } from '../captcha'

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
  // Absent without express-session, and while its store is disconnected.
  if ((req.session as unknown) === undefined) {
    throw GeetestError.setup(
      'session_missing',
      'there is no req.session. Write app.use(session({ secret, resave: false, saveUninitialized: false })) above the ' +
        'captcha (package express-session); if it is there, its store is not connected.',
    )
  }
  return createHash('sha256').update(req.sessionID).digest('base64url').slice(0, 22)
}

/** Whom a challenge is issued to. */
export function holderOf(req: Request, userId: ((req: Request) => unknown) | undefined): Holder {
  return { session: sessionOf(req), user: label(userId?.(req)) ?? req.session.geetest?.user_id ?? randomLabel() }
}

const randomLabel = (): string => randomBytes(8).toString('hex')

function label(given: unknown): string | undefined {
  if (given === undefined || given === null || given === '') return undefined
  if (typeof given === 'string' || typeof given === 'number') return String(given).slice(0, 256)
  throw GeetestError.setup('invalid_option', `userId(req) returned ${typeof given}; return a string or a number`)
}

/** Notes the seed's two facts; writes only what changed, because a changed session is saved again. */
export function noteIssue(req: Request, gt_server_status: 0 | 1, user_id: string): void {
  const noted: SessionData['geetest'] = req.session.geetest
  if (noted?.gt_server_status === gt_server_status && noted.user_id === user_id) return
  req.session.geetest = { gt_server_status, user_id }
}
