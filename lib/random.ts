import { randomFillSync } from 'node:crypto'

/** Bytes fetched at a time: a call into the operating system's generator costs more than all that follows it. */
const POOL = 4096

let pool = Buffer.alloc(0)
let used = 0

/** That many unpredictable bytes, each handed out once. */
export function randomBytes(size: number): Buffer {
  if (used + size > pool.length) {
    pool = randomFillSync(Buffer.allocUnsafeSlow(Math.max(POOL, size)))
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + size))
  // What was handed out is not kept here.
  pool.fill(0, used, used + size)
  used += size
  return bytes
}
