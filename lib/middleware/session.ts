import type { Request } from 'express'
import type { SessionData } from 'express-session'
import { sha256 } from '../digest'
import { GeetestError } from '../errors'
import type { StoreCall } from '../store-call'
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
  return sha256(req.sessionID).slice(0, 32)
}

/** The label of the visitor: what the user's own function says, else what the session notes, else a random one. */
export function userOf(req: Request, userId: GeetestOptions['userId'], random: (size: number) => Buffer): string {
  return label(userId?.(req)) ?? req.session.geetest?.user_id ?? random(8).toString('hex')
}

function label(given: unknown): string | undefined {
  if (given === undefined || given === null || given === '') return undefined
  if (typeof given === 'string' || typeof given === 'number') {
    // A copy: a slice would keep the whole of a long text alive for as long as the ticket.
    return Buffer.from(String(given).slice(0, 256)).toString()
  }
  throw GeetestError.setup('invalid_option', `userId(req) returned ${typeof given}; return a string or a number`)
}

/**
 * Notes whom a challenge will be issued to, before anybody waits for the cloud: a session that is saved at the end of a
 * slow request would overwrite what happened to it meanwhile, and bring back a visitor who has logged out.
 * Rejects with `store_error` where the session's own store fails.
 */
export async function noteUser(req: Request, user_id: string, ask: StoreCall): Promise<void> {
  const noted = req.session.geetest
  if (noted?.user_id === user_id) return
  req.session.geetest = { gt_server_status: noted?.gt_server_status ?? 1, user_id }
  if (!isFresh(req)) await ask(() => asPromise((done) => req.session.save(done)))
}

/**
 * Notes the mode of what was issued, on the session as it is by now; a session that has ended stays ended.
 * @param readAnew whether nobody else has unsaved changes on this request's session
 */
export async function noteStatus(req: Request, gt_server_status: 0 | 1, readAnew: boolean): Promise<void> {
  if (req.session.geetest?.gt_server_status === gt_server_status) return
  const current =
    !readAnew || isFresh(req) || (await asPromise((done) => req.session.reload(done)).then(isTrue, isFalse))
  const noted: SessionData['geetest'] = req.session.geetest
  if (current && noted !== undefined) req.session.geetest = { ...noted, gt_server_status }
}

const isTrue = (): boolean => true
const isFalse = (): boolean => false

/** A session that this very request began: nobody else knows it, and its store has not seen it. */
const isFresh = (req: Request): boolean => !req.headers.cookie?.includes(req.sessionID)

const asPromise = (act: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    act((error) => (error ? reject(error) : resolve()))
  })
