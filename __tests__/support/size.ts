/** Whether floods are as big as they can be: `TEST_SIZE=full`, as in `npm run test:all`. */
const full = process.env.TEST_SIZE === 'full'

/** A tenth of that many, but for a full run. What is promised holds of either. */
export const sized = (many: number): number => (full ? many : Math.ceil(many / 10))
