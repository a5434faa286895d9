import { ok, problem, type Check } from '../check'

export const cloudDns: Check = {
  code: 'cloud_dns',
  run: ({ cloud }) => {
    if (cloud?.addresses === undefined) return undefined
    const { hostname: host } = new URL(cloud.apiServer)
    if ('failed' in cloud.addresses) {
      const write = "apiServer: 'https://api.geetest.com'  // and a resolver: getent hosts api.geetest.com"
      return problem('cloud_dns.failed', write, { host, reason: cloud.addresses.failed })
    }
    return ok('cloud_dns.ok', { host, address: cloud.addresses[0] ?? '–' })
  },
}
