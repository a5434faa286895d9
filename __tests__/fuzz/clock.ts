import type { World } from '../support/world'
import type { Cloud } from './upstream'

/** More rounds of the loop than anything takes that has no clock to wait for. */
const ROUNDS = 20
/** Milliseconds of the site's clock in one step. */
const STEP_MS = 200

type Moved = Pick<World, 'advance'>
type Asked = Pick<Cloud, 'working'>

/** Lets everything happen for which the clock may stand still. */
async function settle(cloud: Asked): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    if (cloud.working > 0) round = 0
    await new Promise(setImmediate)
  }
}

/** Lets time pass, in steps after which everything that they brought about has happened. */
export async function passTime(world: Moved, cloud: Asked, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    world.advance(STEP_MS)
    await settle(cloud)
  }
}

/** Lets time pass for as long as something takes: calls that were put off, and answers that never come, wait for a clock. */
export async function passWhile<T>(world: Moved, cloud: Asked, doing: Promise<T>): Promise<T> {
  const state = { over: false }
  const done = doing.finally(() => {
    state.over = true
  })
  // It is awaited below, whatever becomes of it.
  done.catch(() => undefined)
  await settle(cloud)
  while (!state.over) await passTime(world, cloud, STEP_MS)
  return done
}
