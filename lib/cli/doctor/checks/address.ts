import { ok, problem, type Check } from '../check'

const WRITE = "app.set('trust proxy', 1)  // the number of proxies; and X-Forwarded-For from the nearest"

/** Over a unix socket nobody has an address but by the word of a proxy, which has none itself to be trusted by. */
export const address: Check = {
  code: 'address',
  run: ({ seen, listened, env: { PORT = '' }, subject: { given } }) => {
    if (seen === undefined || given !== 'app') return undefined
    const path = [...listened, PORT].find((place) => typeof place === 'string' && /[\\/]/.test(place))
    if (path === undefined) return undefined
    return seen.trustsSocket ? ok('address.ok', { path }) : problem('address.none', WRITE, { path })
  },
}
