import { reasons } from '../../lib'
import { batch, type Batch } from './batch'
import { live } from './run'
import { buildHouse, closeAll, type House } from './house'
import { CASES, isRunAlone, report } from './rounds'
import { Tally } from './tally'
import { openUpstream, type Upstream } from './upstream'

/** Batches that share one seed. */
const ROUND = 25
/** Rounds at once. */
const LANES = 4
const HOURS = 3_600_000

const tally = new Tally()
const houses: House[] = []
let upstream: Upstream
beforeAll(async () => {
  upstream = await openUpstream()
  for (let i = 0; i < LANES; i++) houses.push(await buildHouse())
})
afterAll(async () => {
  await closeAll([upstream.server, ...houses.map((house) => house.server)])
})

test(
  'whatever is sent, the site stays up, answers no 5xx of its own, and lets nobody pass whom the ledger does not know',
  async () => {
    const lanes = houses.map((house) => (one: Batch) => live(one, { house, upstream, tally }))
    const mishaps = await report({ batches: batch, size: ROUND, lanes, cases: CASES, tally })
    expect(mishaps).toEqual([])
    expect(tally).toMatchObject({ own5xx: 0, falsePasses: 0 })
  },
  24 * HOURS,
)

// What cannot pass cannot pass falsely either: the run above says something only if it went everywhere.
if (!isRunAlone()) {
  test('enough of it was real: the cloud’s yes, work done and passes spent, in both versions', () => {
    expect(tally.passes.online / tally.cases).toBeGreaterThan(0.04)
    expect(tally.passes.downtime / tally.cases).toBeGreaterThan(0.015)
    expect(tally.passes.pass / tally.cases).toBeGreaterThan(0.005)
    expect(tally.ofVersion4.online / tally.cases).toBeGreaterThan(0.008)
    expect(tally.ofVersion4.downtime / tally.cases).toBeGreaterThan(0.002)
    expect(tally.ofVersion4.pass / tally.cases).toBeGreaterThan(0.001)
  })

  test('half outages were there to be noticed', () => {
    expect(tally.noticed).toBeGreaterThan(0)
  })

  test('every reason for a denial was met', () => {
    expect([...tally.denials.keys()]).toEqual(expect.arrayContaining(reasons))
  })
}
