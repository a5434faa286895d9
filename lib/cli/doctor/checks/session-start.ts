import { ok, warning, type Check } from '../check'
import { cookiesOf, signedSession } from '../facts/cookies'
import { isPage } from '../facts/request'

/** A script needs no session: one that begins there begins for every robot and every health check. */
export const sessionStart: Check = {
  code: 'session_start',
  run: ({ siteVisits: visits }) => {
    if (visits === undefined || !isPage(visits.loader)) return undefined
    return signedSession(cookiesOf(visits.loader))
      ? warning('session_start.always', 'saveUninitialized: false')
      : ok('session_start.ok')
  },
}
