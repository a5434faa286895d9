import { acts, createBench, type Cut } from '../support/cuts'
import { clientKinds, describeOnRedis } from '../support/redis'

/** So many answers in all; `npm run test:cuts` sets it. Absent: every place once, by one client or another. */
const ANSWERS = Number(process.env.CUT_ANSWERS ?? 0)

// As long as the machine needs.
jest.setTimeout(ANSWERS > 0 ? 3_600_000 : 300_000)

describeOnRedis('an answer whose connection to Redis is cut', (server) => {
  test.each([...clientKinds.entries()])('%i: passes at most once, wherever that is (%s)', async (turn, kind) => {
    const bench = await createBench(kind, server.port)
    const places: Cut[] = []
    for (const act of acts) places.push(...(await bench.places(act)))
    const share = places.filter((_, i) => ANSWERS > 0 || i % clientKinds.length === turn)
    expect(share.length).toBeGreaterThan(100)
    const most = ANSWERS > 0 ? Math.ceil(ANSWERS / clientKinds.length) : share.length
    let [twice, nobody, untold] = [[] as Cut[], 0, 0]
    for (let i = 0; i < most; i++) {
      const cut = share[i % share.length] as Cut
      const { accepted, told } = await bench.cut(cut)
      if (accepted > 1) twice.push(cut)
      if (accepted === 0) nobody += 1
      if (!told) untold += 1
    }
    await bench.close()
    if (ANSWERS > 0)
      console.log(`${kind}: ${most} answers, ${twice.length} twice, ${nobody} by nobody, ${untold} untold`)
    expect({ twice, nobody, untold }).toEqual({ twice: [], nobody: 0, untold: 0 })
  })
})
