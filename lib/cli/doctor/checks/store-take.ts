import { ok, problem, type Check } from '../check'

const WRITE =
  "for (const { name, run } of storeContract(() => new MyStore(), { shared: true })) test(name, run)  // from 'express-geetest/store-contract'"

/** The promise of a store that single use stands on, tried once. */
export const storeTake: Check = {
  code: 'store_take',
  run: ({ store }) => {
    if (store === undefined) return undefined
    const { taken } = store
    if (taken === 'once') return ok('store_take.ok')
    if (taken === 'twice') return problem('store_take.twice', WRITE)
    if (taken === 'never') return problem('store_take.never', WRITE)
    return problem('store_take.failed', 'await client.connect()  // before the store is used', { reason: taken.failed })
  },
}
