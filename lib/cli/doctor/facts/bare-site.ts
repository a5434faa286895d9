import { randomBytes } from 'node:crypto'
import express, { type Express } from 'express'
import session, { Store, type SessionData } from 'express-session'
import type { Geetest } from '../../../index'

/** The smallest site that is right, for a plugin that comes without one. */
export function bareSite(captcha: Geetest): Express {
  const app = express()
  const secret = randomBytes(32).toString('hex')
  app.use(session({ secret, store: new Sessions(), resave: false, saveUninitialized: false }))
  app.use(captcha)
  return app
}

/** For a handful of visits. express-session's own warns in production, of what is no concern here. */
class Sessions extends Store {
  readonly #texts = new Map<string, string>()

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    const text = this.#texts.get(id)
    done(undefined, text === undefined ? null : (JSON.parse(text) as SessionData))
  }

  override set(id: string, session: SessionData, done?: () => void): void {
    this.#texts.set(id, JSON.stringify(session))
    done?.()
  }

  override destroy(id: string, done?: () => void): void {
    this.#texts.delete(id)
    done?.()
  }
}
