import { ok, problem, type Check } from '../check'
import { VENDORS } from '../facts/vendor'

export const cloudDns: Check = {
  code: 'cloud_dns',
  run: ({ cloud }) => {
    if (cloud?.addresses === undefined) return undefined
    const { hostname: host } = new URL(cloud.apiServer)
    if ('failed' in cloud.addresses) {
      const vendor = VENDORS[cloud.version]
      const write = `apiServer: '${vendor}'  // and a resolver: getent hosts ${new URL(vendor).hostname}`
      return problem('cloud_dns.failed', write, { host, reason: cloud.addresses.failed })
    }
    return ok('cloud_dns.ok', { host, address: cloud.addresses[0] ?? '–' })
  },
}
