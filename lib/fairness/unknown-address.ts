import { parseAddress } from '../network'

/** Judged by so many at a time: what is rare, such as a health check without an address, does not count. */
const SAMPLE = 20

const WARNING =
  'express-geetest: most visitors have no address, so that limits can tell them apart by their sessions alone, which cost an attacker nothing. ' +
  "Behind a proxy set app.set('trust proxy', …) to the proxy, on a unix socket app.set('trust proxy', 1); the proxy must send X-Forwarded-For"

let warned = false

/** Warns once in the life of the process where most visitors are without an address. Call it with each visitor's. */
export function watchAddresses(warn = warnOnce): (address: string | undefined) => void {
  let seen = 0
  let unknown = 0
  return (address) => {
    seen += 1
    if (parseAddress(address) === undefined) unknown += 1
    if (seen < SAMPLE) return
    if (unknown > SAMPLE / 2) warn()
    seen = unknown = 0
  }
}

function warnOnce(): void {
  if (!warned) process.emitWarning(WARNING, { code: 'GEETEST_UNKNOWN_ADDRESS' })
  warned = true
}
