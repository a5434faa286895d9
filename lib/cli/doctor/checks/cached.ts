import { ok, problem, warning, type Check } from '../check'
import { isPage } from '../facts/request'
import { issueOf } from '../facts/visits'

const WRITE = 'location = /getcaptcha { proxy_cache off; }  # and the same on your CDN'

/** A challenge that two visitors get belongs to one of them. */
export const cached: Check = {
  code: 'cached',
  run: ({ visits }) => {
    const [first, second] = [issueOf(visits?.first), issueOf(visits?.second)]
    if (visits === undefined || !isPage(visits.first) || first?.challenge === undefined) return undefined
    // Of version 4 only an outage has challenges.
    if (first.challenge !== '' && first.challenge === second?.challenge) return problem('cached.same', WRITE)
    const { 'cache-control': control = '', etag, age } = visits.first.headers
    return control.includes('no-store') && etag === undefined && age === undefined
      ? ok('cached.ok')
      : control === ''
        ? warning('cached.silent', WRITE)
        : warning('cached.allowed', WRITE, { control })
  },
}
