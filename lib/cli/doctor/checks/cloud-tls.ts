import { ok, problem, warning, type Check } from '../check'

const DAY = 86_400_000
/** Sooner than that, nobody seems to be renewing it. */
const SOON = 14
const CA = 'NODE_EXTRA_CA_CERTS=/path/to/your-ca.pem  // never NODE_TLS_REJECT_UNAUTHORIZED=0'

export const cloudTls: Check = {
  code: 'cloud_tls',
  run: ({ cloud, now, env }) => {
    if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') return problem('cloud_tls.off', 'unset NODE_TLS_REJECT_UNAUTHORIZED')
    if (cloud?.handshake === undefined) return undefined
    const { host } = new URL(cloud.apiServer)
    if ('failed' in cloud.handshake) return problem('cloud_tls.failed', CA, { host, reason: cloud.handshake.failed })
    const { ends, protocol, refused } = cloud.handshake
    const date = new Date(ends).toISOString().slice(0, 10)
    const days = Math.floor((ends - now) / DAY)
    const values = { host, date, days, protocol }
    if (days < 0)
      return problem('cloud_tls.expired', `date  # this machine's clock; else whoever runs ${host} renews it`, values)
    if (refused !== undefined) return problem('cloud_tls.refused', CA, { host, reason: refused })
    if (days < SOON) return warning('cloud_tls.soon', `certbot renew  # on ${host}, if that is yours`, values)
    return ok('cloud_tls.ok', values)
  },
}
