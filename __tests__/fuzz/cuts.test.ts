import { createCutProxy } from '../support/cut-proxy'
import { clientKinds, describeOnRedis } from '../support/redis'
import { clientOf, connectBoth, cutBatch, furnishCut, type Connections, type CutBatch } from './cut-site'
import { buildHouse, closeAll, type House } from './house'
import { CASES, isRunAlone, report, type Rounds } from './rounds'
import { live } from './run'
import { Tally } from './tally'
import { openUpstream, type Upstream } from './upstream'

const NAME = 'cuts'
/** A wave waits for a connection to be made anew: so there are fewer of them. */
const SHARE = 20
const ROUND = 5
const HOURS = 3_600_000

describeOnRedis('a site of two processes whose connection to Redis is cut', (server) => {
  const tally = new Tally()
  const houses: House[] = []
  const connections: Connections[] = []
  let upstream: Upstream
  beforeAll(async () => {
    upstream = await openUpstream()
    for (let lane = 0; lane < clientKinds.length; lane++) {
      houses.push(await buildHouse())
      connections.push(await connectBoth(clientOf(lane), await createCutProxy(server.port), server.port))
    }
  })
  afterAll(async () => {
    for (const { near, beside, proxy } of connections) {
      await Promise.all([near.close(), beside.close()])
      await proxy.close()
    }
    await closeAll([upstream.server, ...houses.map((house) => house.server)])
  })

  test(
    'lets nobody pass whom the ledger does not know, and uses up no right answer',
    async () => {
      const lanes = houses.map((house, lane) => (one: CutBatch) => {
        const furnish = furnishCut(connections[lane] as Connections, one.cuts, tally)
        return live(one, { house, upstream, tally, furnish })
      })
      const rounds: Rounds<CutBatch> = {
        name: NAME,
        batches: cutBatch,
        size: ROUND,
        lanes,
        cases: CASES / SHARE,
        tally,
      }
      const mishaps = await report(rounds)
      expect(mishaps).toEqual([])
      expect(tally).toMatchObject({ own5xx: 0, falsePasses: 0 })
    },
    24 * HOURS,
  )

  // What cannot pass cannot pass falsely either.
  if (!isRunAlone())
    test('connections were cut, and enough passed', () => {
      expect(tally.cuts).toBeGreaterThan(tally.cases / 100)
      expect(tally.allPasses).toBeGreaterThan(tally.cases / 50)
    })
})
