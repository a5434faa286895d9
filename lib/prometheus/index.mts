// The ES module door of the metrics.
export { collect } from './index.js'
export type * from './index.js'
