import { GeetestError } from '../errors'
import { hasMethods } from '../options'
import type { GeetestOptions } from './options'

/** What belongs to version 3 and would do nothing in version 4, or nothing good. */
export function refuseForeign({
  digest,
  newCaptcha,
  prefetch,
  bypass,
  resets,
  downtime = 'proof-of-work',
  store,
}: GeetestOptions): void {
  const foreign = Object.entries({
    digest,
    newCaptcha,
    prefetch: prefetch || undefined,
    bypass: bypass || undefined,
    resets,
  })
  const [found] = foreign.find(([, value]) => value !== undefined) ?? []
  if (found !== undefined) throw refuseInV4(found, 'is about version 3; leave it out')
  if (downtime === 'failback' || (typeof downtime === 'object' && downtime.script === undefined)) {
    throw refuseInV4(
      'downtime',
      "needs a script of the site's own; write proof-of-work, deny or allow, or a provider with script",
    )
  }
  if (store !== undefined && !hasMethods('claim')(store)) {
    throw refuseInV4(
      'store',
      'has no method claim(id, ttl, network), without which an answer could be used twice; write one',
    )
  }
}

const refuseInV4 = (option: string, why: string): GeetestError =>
  GeetestError.setup('invalid_option', `geetest: option ${option}, with version: 4, ${why}`)
