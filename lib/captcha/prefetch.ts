import { wholeNumber } from '../options'
import { checkOptions, ownOptions } from '../rules'

/** How many challenges are kept ready. */
export interface PrefetchSettings {
  /** At most; from 1 to 1000. Default 50. */
  readonly stock: number
}

const RULES = { stock: wholeNumber(1, 1000, 'challenges kept ready at most, such as 50') }

/** @throws GeetestError `invalid_option` */
export function resolvePrefetch(prefetch: boolean | Partial<PrefetchSettings>): PrefetchSettings | false {
  if (prefetch === false) return false
  const given = ownOptions(prefetch === true ? {} : prefetch)
  checkOptions('geetest: prefetch', given, RULES)
  return { stock: given.stock ?? 50 }
}
