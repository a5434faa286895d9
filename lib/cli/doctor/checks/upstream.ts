import { ok, problem, warning, type Check } from '../check'
import { VENDORS } from '../facts/vendor'

/** Whether the verdict can be believed, by where it comes from. */
export const upstream: Check = {
  code: 'upstream',
  run: ({ settings, cloud, production }) => {
    const apiServer = settings?.apiServer ?? cloud?.apiServer
    if (apiServer === undefined) return undefined
    const { protocol, hostname } = new URL(apiServer)
    const values = { apiServer }
    const own = `apiServer: undefined  // the vendor’s: ${VENDORS[settings?.version ?? cloud?.version ?? 3]}`
    if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) {
      return production ? problem('upstream.simulator', own, values) : ok('upstream.here', values)
    }
    if (protocol === 'http:') return warning('upstream.plain', `apiServer: 'https://${hostname}'`, values)
    return ok('upstream.ok', values)
  },
}
