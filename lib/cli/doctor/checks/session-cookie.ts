import { ok, problem, warning, type Check } from '../check'
import { cookiesOf, signedSession } from '../facts/cookies'

const WRITE = "cookie: { httpOnly: true, secure: true, sameSite: 'lax' }"

/** The flags of the cookie that carries the session. `Secure` is asked for where visitors come by https. */
export const sessionCookie: Check = {
  code: 'session_cookie',
  run: ({ siteVisits: visits, production }) => {
    const cookies = visits ? cookiesOf(visits.first) : []
    const cookie = signedSession(cookies) ?? cookies[0]
    if (visits === undefined || cookie === undefined) return undefined
    const wantsSecure = production || visits.base.startsWith('https:')
    const missing = [
      ...(cookie.httpOnly ? [] : ['HttpOnly']),
      ...(cookie.secure || !wantsSecure ? [] : ['Secure']),
      ...(cookie.sameSite === undefined ? ['SameSite'] : []),
    ]
    const { name } = cookie
    if (cookie.sameSite === 'none' && !cookie.secure) return problem('session_cookie.none', WRITE, { name })
    if (missing.length === 0) return ok('session_cookie.ok', { name })
    const flags = missing.join(', ')
    return missing.includes('HttpOnly')
      ? problem('session_cookie.flags', WRITE, { name, flags })
      : warning('session_cookie.flags', WRITE, { name, flags })
  },
}
