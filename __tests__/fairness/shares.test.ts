import { fairShare, STEPS } from '../../lib/fairness/demand'
import { memoryCounters } from '../../lib/fairness/memory-counters'
import { createQuota, type Standing } from '../../lib/fairness/quota'
import { standpointOf } from '../../lib/fairness/visitor'
import { fakeWorld } from '../support/world'

const MINUTE = 60_000

/** A quota of 1000 a minute for all, of which each may have 300, and how often it said yes. */
function quota(total = 1000) {
  const world = fakeWorld()
  const one = createQuota({ name: 'test', ms: MINUTE, each: 300, total }, memoryCounters(world.now))
  const ask = (address: string): Promise<Standing> => one.take(standpointOf({ address, session: 's' }))
  async function granted(address: string, asks: number): Promise<number> {
    let yes = 0
    for (let i = 0; i < asks; i++) if ((await ask(address)).wait === undefined) yes++
    return yes
  }
  /** Networks of their own, each asking so often, one ask after another in turn. */
  async function rush(networks: number, asks: number): Promise<void> {
    for (let i = 0; i < asks; i++) for (let n = 0; n < networks; n++) await ask(`10.${n >> 8}.${n & 255}.1`)
  }
  return { world, ask, granted, rush }
}

describe('what is shared out', () => {
  test('is there for whoever asks while there is enough', async () => {
    const { granted } = quota()
    for (const network of ['192.0.2.1', '198.51.100.1', '203.0.113.1']) expect(await granted(network, 300)).toBe(300)
  })

  test('is no more for one network than its own limit, whether there is enough or not', async () => {
    const { granted } = quota()
    expect(await granted('192.0.2.1', 301)).toBe(300)
    expect(await granted('2001:db8:1:2::1', 200)).toBe(200)
    expect(await granted('2001:db8:1:3::1', 101)).toBe(100)
  })

  test('leaves to whoever comes late what those who came early have', async () => {
    const { granted, rush } = quota()
    await rush(10, 150)
    const late = await granted('192.0.2.1', 300)
    expect(late).toBeGreaterThanOrEqual(1000 / 11 - 1)
    expect(late).toBeLessThan(150)
  })

  test('gives what some do not ask for to those who ask for more', async () => {
    const { granted, rush } = quota()
    await rush(300, 1)
    // 700 for these two and the 300 of before.
    expect(await granted('192.0.2.1', 300)).toBe(300)
    expect(await granted('198.51.100.1', 300)).toBe(300)
  })

  test('has room for the first five of every network, though ten times as many have come', async () => {
    const { granted, rush } = quota()
    await rush(1500, 7)
    expect(await granted('192.0.2.1', 6)).toBe(5)
  })

  test('has room for the first two of an address whose neighbours took the share of all', async () => {
    const { granted, rush } = quota()
    await rush(300, 7)
    await granted('192.0.2.1', 300)
    expect(await granted('192.0.2.2', 5)).toBe(2)
  })

  test('stays shared out in the next minute of a rush, for whoever is the first in it', async () => {
    const { world, granted, rush } = quota()
    await rush(50, 100)
    world.advance(MINUTE)
    const first = await granted('10.0.0.1', 300)
    expect(first).toBeLessThanOrEqual(1000 / 50)
  })

  test('is there for one alone again as soon as the minute goes on without a rush', async () => {
    const { world, granted, rush } = quota()
    await rush(50, 100)
    world.advance(MINUTE)
    await granted('10.0.0.1', 1)
    world.advance(MINUTE / 2)
    expect(await granted('192.0.2.1', 300)).toBe(300)
  })

  test('is told with the seconds until the next minute where there is no room', async () => {
    const { world, ask, granted } = quota()
    await granted('192.0.2.1', 300)
    world.advance(45_500)
    expect((await ask('192.0.2.1')).wait).toBe(15)
  })
})

describe('the work', () => {
  test('is the same for all while no more than an eighth of what there is is asked for', async () => {
    const { ask } = quota()
    const works = []
    for (let i = 0; i < 125; i++) works.push((await ask('192.0.2.1')).work)
    expect(new Set(works)).toEqual(new Set([1]))
  })

  test('doubles with every doubling of what a network has above its share, up to eight times', async () => {
    const { ask, rush } = quota()
    await rush(10, 20)
    const works = []
    for (let i = 0; i < 90; i++) works.push((await ask('192.0.2.1')).work)
    expect([...new Set(works)]).toEqual([1, 2, 4, 8])
  })

  test('of a newcomer is the least, whatever goes on', async () => {
    const { ask, rush } = quota()
    await rush(300, 20)
    expect((await ask('192.0.2.1')).work).toBe(1)
  })
})

test('a fair share is never less than an equal part, and never so much that it would not be enough', () => {
  let seed = 1
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (let round = 0; round < 300; round++) {
    const asks = Array.from({ length: 1 + random(200) }, () => 1 + (random(4) === 0 ? random(3000) : random(9)))
    const asked = asks.reduce((sum, one) => sum + one, 0)
    const amount = 1 + random(asked)
    const reached = STEPS.map((step) => asks.filter((one) => one >= step).length)
    const share = fairShare({ asked, reached }, amount)
    expect(share).toBeGreaterThanOrEqual(amount / asks.length - 1e-9)
    expect(asks.reduce((sum, one) => sum + Math.min(one, share), 0)).toBeLessThanOrEqual(amount + 1e-6)
  }
})

test('a process remembers who goes on asking, and forgets the oldest of more than 60,000 networks', async () => {
  const counter = memoryCounters(() => 0).counter({ name: 'x', ms: MINUTE, limit: 1000, most: 1000 })
  const ask = (network: string) => counter.count({ own: [network], shared: network }, { own: true, shared: true })
  await ask('once')
  for (let i = 0; i < 130_000; i++) {
    await ask(`network ${i}`)
    if (i % 20_000 === 0) await ask('again and again')
  }
  expect((await ask('again and again')).own).toEqual([7])
  expect((await ask('once')).own).toEqual([0])
})
