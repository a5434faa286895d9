// The ES module door of the Redis store.
export { RedisStore, RedisStoreError } from './index.js'
export type * from './index.js'
