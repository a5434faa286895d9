import { ok, warning, type Check } from '../check'

/** Of a site that was named by its address. */
export const siteHttps: Check = {
  code: 'site_https',
  run: ({ visits, subject }) => {
    if (visits === undefined) return undefined
    const { protocol, hostname, host } = new URL(visits.base)
    if (protocol === 'https:') return ok('site_https.ok')
    const here = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
    return here || subject.given !== 'url' ? undefined : warning('site_https.plain', `--url https://${host}`)
  },
}
