import { ok, warning, type Check } from '../check'
import { metasOf } from '../facts/policy'
import { isPage } from '../facts/request'

/** On plain http a page without referrer sends its forms with `Origin: null`, and nobody can tell it from a stranger's. */
export const referrerPolicy: Check = {
  code: 'referrer_policy',
  run: ({ siteVisits, production, subject }) => {
    const page = siteVisits?.page
    if (page === undefined || siteVisits === undefined || !isPage(page.reply)) return undefined
    const { headers, body } = page.reply
    const header = [headers['referrer-policy'] ?? ''].flat().join(',')
    // The last that is known counts; a meta element comes behind the header.
    const policy = [...header.split(','), ...metasOf(body, 'name', 'referrer')]
      .map((one) => one.trim())
      .findLast(Boolean)
    if (policy === undefined) return undefined
    const values = { page: page.path }
    if (policy.toLowerCase() !== 'no-referrer') return ok('referrer_policy.ok', { ...values, policy })
    const isPlain = subject.given === 'url' ? siteVisits.base.startsWith('http:') : !production
    // Browsers say more on https, and on this machine.
    if (!isPlain) return ok('referrer_policy.https', values)
    return warning('referrer_policy.none', "helmet({ referrerPolicy: { policy: 'same-origin' } })  // or https", values)
  },
}
