import type { Request } from 'express'
import type { Session, SessionData } from 'express-session'
import type { StoreCall } from '../store-call'
import { bringsSession } from './cookies'
import { factsOf, type GeetestSession } from './session'

/** A place in the session for what a visitor got, kept from before the wait for the cloud until after it. */
export interface SessionNote {
  /** Notes the facts. Rejects with `store_error` where the session's own store fails. */
  readonly write: (facts: GeetestSession) => Promise<void>
  /** The visitor got nothing, and nothing is noted; what has ended meanwhile is not saved again. Never rejects. */
  readonly skip: () => Promise<void>
}

/**
 * Opens a note, which is written when the visitor has got something: before that, a refused request would begin a session.
 *
 * express-session saves what this request has changed when its answer ends, all of it and as it was read at the start; and what was
 * logged out in between would be back. So the session's own store is asked again behind the wait: what is gone stays gone, what has
 * changed is not overwritten. Whether a session was there at the start is no guess by the looks of a cookie either.
 *
 * @param whole the request is the plugin's own: nobody else works with this session while it lasts
 */
export async function openNote(req: Request, ask: StoreCall, whole: boolean): Promise<SessionNote> {
  const id = req.sessionID
  // The cookie can only prove that there was a session. Without it, what has contents may be as old: then the store is asked.
  const brought = bringsSession(req)
  const before = !whole || (!brought && contentsOf(req.session) !== EMPTY) ? await stored(req, ask) : undefined
  const wasThere = brought || before !== undefined

  /** Not where the site has destroyed it or begun another while this request waited. */
  const isStill = (): boolean => (req.session as Session | undefined) !== undefined && req.sessionID === id

  function forget(): void {
    // With nothing there, express-session has nothing to save.
    if (whole && wasThere) delete (req as { session?: Session }).session
  }

  async function write(facts: GeetestSession): Promise<void> {
    if (!isStill() || (!whole && isSame(factsOf(req), facts))) return
    const now = await stored(req, ask)
    if (!isStill()) return
    if (now === undefined) {
      if (wasThere && canAsk(req)) forget()
      else req.session.geetest = facts
      return
    }
    if (whole) return void (isSame(now.geetest, facts) || Object.assign(renew(req.session, now), { geetest: facts }))
    if (before === undefined || contentsOf(now) !== contentsOf(before)) return
    // What a handler has changed and not saved yet, it will save itself, and this with it.
    const unchanged = contentsOf(now) === contentsOf(req.session)
    req.session.geetest = facts
    // At once, because the handler may take its time.
    if (unchanged) await ask(() => asPromise((done) => req.session.save(done)))
  }

  async function skip(): Promise<void> {
    if (!whole || !wasThere || !isStill() || !canAsk(req)) return
    const now = await stored(req, ask).catch(() => 'unknown')
    if (now === undefined && isStill()) forget()
  }

  return { write, skip }
}

/** What is in the session's own store now; `undefined` where it is not there, as express-session itself reads it. */
function stored(req: Request, ask: StoreCall): Promise<SessionData | undefined> {
  if (!canAsk(req)) return Promise.resolve(undefined)
  return ask(
    () =>
      new Promise<SessionData | undefined>((resolve, reject) => {
        req.sessionStore.get(req.sessionID, (error: unknown, found) => {
          if (error && (error as { code?: unknown }).code !== 'ENOENT') reject(error)
          else resolve(error ? undefined : (found ?? undefined))
        })
      }),
  )
}

/** Session middleware of another make may have no store, or none like this. */
const canAsk = ({ sessionStore }: Request): boolean =>
  typeof (sessionStore as { get?: unknown } | undefined)?.get === 'function'

/** Everything that the site has in it, as text. */
const contentsOf = (session: SessionData): string =>
  JSON.stringify({ ...session, cookie: undefined, geetest: undefined })
const EMPTY = '{}'

const isSame = (noted: GeetestSession | undefined, facts: GeetestSession): boolean =>
  noted?.user_id === facts.user_id && noted.gt_server_status === facts.gt_server_status

/** Puts what the store has in the place of what was read before, as express-session's `reload` would. */
function renew(session: Session & Partial<SessionData>, now: SessionData): Session {
  const contents = session as unknown as Record<string, unknown>
  for (const name of Object.keys(contents)) if (name !== 'cookie') delete contents[name]
  for (const [name, value] of Object.entries(now)) if (!(name in contents)) contents[name] = value
  return session
}

const asPromise = (act: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    act((error) => (error ? reject(error) : resolve()))
  })
