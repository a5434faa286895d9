import { ok, problem, type Check } from '../check'
import type { Facts } from '../facts'
import { allows, policiesOf } from '../facts/policy'
import { isPage } from '../facts/request'
import { issueOf } from '../facts/visits'

/** Where the vendor's cloud has its scripts, styles and pictures. */
const VENDORS = ['https://*.geetest.com', 'https://*.geevisit.com', 'https://*.gsensebot.com']
/** One more for scripts, for when the vendor's own hosts fail. */
const MIRROR = 'https://dn-staticdown.qbox.me'

/** Whether the page may load the captcha, and, in an outage, the site's own. */
export const csp: Check = {
  code: 'csp',
  run: (facts) => {
    const page = facts.siteVisits?.page
    const policies = policiesOf(page)
    if (page === undefined || !isPage(page.reply) || policies.length === 0) return undefined
    const wanted = wantedBy(facts)
    const lacking = Object.entries(wanted).filter(([directive, sources]) =>
      policies.some((policy) => sources.some((source) => !allows(policy, directive, source))),
    )
    const values = { page: page.path }
    if (lacking.length === 0) return ok('csp.ok', values)
    const write = lacking.map(([directive, sources]) => `${directive} ${sources.join(' ')}`).join('; ')
    return problem('csp.blocks', write, { ...values, directives: lacking.map(([directive]) => directive).join(', ') })
  },
}

function wantedBy({ siteVisits }: Facts): Readonly<Record<string, readonly string[]>> {
  const issue = issueOf(siteVisits?.first)
  const { api_server: host, protocol } = issue ?? {}
  // Whether a simulator or a private cloud, it is one.
  const own = typeof host === 'string' && typeof protocol === 'string' ? [new URL(protocol + host).origin] : undefined
  const cloud = own ?? VENDORS
  return {
    'script-src': ["'self'", ...cloud, ...(own === undefined ? [MIRROR] : [])],
    'style-src': ["'self'", ...cloud],
    'img-src': ["'self'", 'data:', ...cloud],
    'connect-src': ["'self'", ...cloud],
  }
}
