import { ok, warning, type Check } from '../check'
import { policiesOf } from '../facts/policy'

/** Scripts that pages insert need a policy by name there, the helper's own and the vendor's. */
export const trustedTypes: Check = {
  code: 'trusted_types',
  run: ({ siteVisits }) => {
    const demanding = policiesOf(siteVisits?.page).filter((policy) =>
      policy.get('require-trusted-types-for')?.includes("'script'"),
    )
    if (demanding.length === 0) return undefined
    const named = demanding.every((policy) => {
      const names = policy.get('trusted-types')
      return names === undefined || names.includes('*') || names.includes('express-geetest')
    })
    const values = { page: siteVisits?.page?.path ?? '/' }
    return named
      ? ok('trusted_types.ok', values)
      : warning('trusted_types.unnamed', 'trusted-types express-geetest', values)
  },
}
