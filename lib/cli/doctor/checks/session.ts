import { ok, problem, type Check } from '../check'
import { isPage } from '../facts/request'
import { signedSession, cookiesOf } from '../facts/cookies'

const WRITE = 'app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }))'

/** Whether there is a session at all, and whether the visitor gets to keep it. */
export const session: Check = {
  code: 'session',
  run: ({ seen, siteVisits: visits, subject }) => {
    if (seen !== undefined && subject.given === 'app' && !seen.hasSession) return problem('session.missing', WRITE)
    if (seen !== undefined && subject.given === 'app' && seen.sessionKind !== 'express-session')
      return problem(seen.sessionKind === 'cookie-session' ? 'session.cookie_session' : 'session.without_id', WRITE)
    if (visits === undefined || !isPage(visits.first) || visits.first.status !== 200) return undefined
    if (cookiesOf(visits.first).length === 0) return problem('session.no_cookie', WRITE)
    const [first, second] = [visits.first, visits.second].map((reply) => signedSession(cookiesOf(reply))?.id)
    return second !== undefined && second !== first ? problem('session.lost', WRITE) : ok('session.ok')
  },
}
