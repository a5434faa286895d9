import type { Version } from '../../../index'

/** Where the vendor's own cloud of each version is. */
export const VENDORS: Readonly<Record<Version, string>> = {
  3: 'https://api.geetest.com',
  4: 'https://gcaptcha4.geetest.com',
}

export const otherThan = (version: Version): Version => (version === 4 ? 3 : 4)
