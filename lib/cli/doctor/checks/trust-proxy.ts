import { ok, problem, warning, type Check } from '../check'
import { isPage } from '../facts/request'

const WRITE = "app.set('trust proxy', 'loopback')  // or your balancer's address, never true"
/** What proxies write into answers. */
const MARKS = ['via', 'x-cache', 'cf-ray', 'x-varnish', 'x-served-by', 'x-amz-cf-id']

export const trustProxy: Check = {
  code: 'trust_proxy',
  run: ({ seen, visits, subject: { given } }) => {
    if (seen === undefined || given !== 'app') return undefined
    if (seen.trustsAll) return problem('trust_proxy.all', WRITE)
    if (seen.trustProxy) return ok('trust_proxy.ok', { setting: nameOf(seen.trustProxy) })
    if (seen.needsEncryption) return problem('trust_proxy.secure_cookie', WRITE)
    const headers = isPage(visits?.first) ? visits.first.headers : {}
    const mark = MARKS.find((name) => headers[name] !== undefined)
    return mark ? problem('trust_proxy.behind', WRITE, { mark }) : warning('trust_proxy.none', WRITE)
  },
}

const nameOf = (setting: unknown): string => (typeof setting === 'function' ? 'a function' : JSON.stringify(setting))
