// The ES module door of the store contract.
export { storeContract } from './index.js'
export type * from './index.js'
