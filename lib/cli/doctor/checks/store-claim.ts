import { ok, problem, type Check } from '../check'

const WRITE =
  "for (const { name, run } of storeContract(() => new MyStore(), { shared: true, claims: true })) test(name, run)  // from 'express-geetest/store-contract'"

/** The promise of a store that single use stands on in version 4, tried once. */
export const storeClaim: Check = {
  code: 'store_claim',
  run: ({ store }) => {
    const claimed = store?.claimed
    if (claimed === undefined) return undefined
    if (claimed === 'once') return ok('store_claim.ok')
    if (claimed === 'twice') return problem('store_claim.twice', WRITE)
    if (claimed === 'never') return problem('store_claim.never', WRITE)
    return problem('store_claim.failed', 'await client.connect()  // before the store is used', {
      reason: claimed.failed,
    })
  },
}
