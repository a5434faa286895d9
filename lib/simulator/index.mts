// The ES module door of the simulator.
export { createSimulator, faults } from './index.js'
export type * from './index.js'
