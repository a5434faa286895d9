import { once } from 'node:events'
import * as fc from 'fast-check'
import { reasons } from '../../lib'
import { batch } from './batch'
import { live } from './run'
import { buildHouse, type House } from './house'
import { Tally } from './tally'
import { openUpstream, type Upstream } from './upstream'

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9)
/** Where in one round a failure lies; `npm run fuzz` says so when it finds one. */
const PATH = process.env.FUZZ_PATH === '' ? undefined : process.env.FUZZ_PATH
/** Half of what is asked for, because Express 4 and 5 share it. */
const CASES = PATH === undefined ? Number(process.env.FUZZ_CASES ?? 100_000) / 2 : 0

/** Batches that share one seed. */
const ROUND = 25
/** Rounds at once, so that somebody works while others wait for a cloud that hangs. */
const LANES = 4

/** So long a round may take with all its shrinking, in milliseconds; what was found by then is reported. */
const LIMIT = 180_000
const HOURS = 3_600_000

const tally = new Tally()
const houses: House[] = []
let upstream: Upstream
beforeAll(async () => {
  upstream = await openUpstream()
  for (let i = 0; i < LANES; i++) houses.push(await buildHouse())
})
afterAll(async () => {
  for (const server of [upstream.server, ...houses.map((house) => house.server)]) {
    const closed = once(server, 'close')
    server.close().closeAllConnections()
    await closed
  }
})

/** One round in one house. @throws what broke, with the way to run it again */
async function round(house: House, seed: number): Promise<void> {
  const property = fc.asyncProperty(batch, (one) => live(one, house, upstream, tally))
  const found = await fc.check(property, {
    seed,
    numRuns: ROUND,
    interruptAfterTimeLimit: LIMIT,
    ...(PATH !== undefined && { path: PATH }),
  })
  // A round that took too long found nothing yet.
  if (found.counterexample === null) return
  const again = `FUZZ_SEED=${seed} FUZZ_PATH=${found.counterexamplePath} npm run fuzz`
  const why = `${String(found.errorInstance)}\nAgain: ${again}\n\n${fc.defaultReportMessage(found) ?? ''}`
  throw new Error(why, { cause: found.errorInstance })
}

/** Rounds of one seed after another, in all houses, until there were enough cases or something broke. */
async function fuzz(): Promise<void> {
  let next = SEED
  let broke = false
  const over = (): boolean => broke || tally.cases >= CASES
  const lanes = houses.slice(0, PATH === undefined ? LANES : 1).map(async (house) => {
    do {
      await round(house, next++).catch((error: unknown) => {
        broke = true
        throw error
      })
    } while (!over())
  })
  const failed = (await Promise.allSettled(lanes)).find(({ status }) => status === 'rejected')
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
}

test(
  'whatever is sent, the site stays up, answers no 5xx of its own, and lets nobody pass whom the ledger does not know',
  async () => {
    const begin = performance.now()
    const mishaps: unknown[] = []
    const note = (error: unknown): void => void mishaps.push(error)
    process.on('unhandledRejection', note).on('uncaughtException', note)
    await fuzz()
    process.off('unhandledRejection', note).off('uncaughtException', note)
    tally.crashes = mishaps.length
    process.stdout.write(`fuzz from seed ${SEED}: ${tally.summary((performance.now() - begin) / 1000)}\n`)
    expect(mishaps).toEqual([])
    expect(tally).toMatchObject({ own5xx: 0, falsePasses: 0 })
  },
  24 * HOURS,
)

// What cannot pass cannot pass falsely either: the run above says something only if it went everywhere.
if (PATH === undefined) {
  test('enough of it was real: the cloud’s yes, work done and passes spent, in both versions', () => {
    expect(tally.passes.online / tally.cases).toBeGreaterThan(0.04)
    expect(tally.passes.downtime / tally.cases).toBeGreaterThan(0.015)
    expect(tally.passes.pass / tally.cases).toBeGreaterThan(0.005)
    expect(tally.ofVersion4.online / tally.cases).toBeGreaterThan(0.008)
    expect(tally.ofVersion4.downtime / tally.cases).toBeGreaterThan(0.002)
    expect(tally.ofVersion4.pass / tally.cases).toBeGreaterThan(0.001)
  })

  test('every reason for a denial was met', () => {
    expect([...tally.denials.keys()]).toEqual(expect.arrayContaining(reasons))
  })
}
