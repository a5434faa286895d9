import { ok, warning, type Check } from '../check'
import { cookiesOf, signedSession } from '../facts/cookies'
import { isPage } from '../facts/request'

/** A script needs no session: one that begins there begins for every robot and every health check. */
export const sessionStart: Check = {
  code: 'session_start',
  run: ({ siteVisits: visits }) => {
    const script = visits?.scripts[0]
    if (script === undefined || !isPage(script.reply)) return undefined
    return signedSession(cookiesOf(script.reply))
      ? warning('session_start.always', 'saveUninitialized: false', { file: script.file })
      : ok('session_start.ok')
  },
}
