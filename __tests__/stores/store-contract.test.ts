import { MemoryStore, SPENT, type TicketStore } from '../../lib'
import { storeContract, type ContractSettings, type MakeStore } from '../../lib/store-contract'
import { brokenNodes, brokenStores, Sound, world } from '../support/broken-stores'

/** The promises that a store breaks. */
async function broken(make: MakeStore, settings?: ContractSettings): Promise<string[]> {
  const names: string[] = []
  for (const { name, run } of storeContract(make, settings)) await run().catch(() => names.push(name))
  return names
}

const elapse = (ms: number) => world.advance(ms)

describe('the store contract', () => {
  test('is kept by MemoryStore, on its own clock to the millisecond', async () => {
    const clock = { time: 0 }
    const make = () => new MemoryStore({ now: () => clock.time })
    expect(await broken(make, { elapse: (ms) => (clock.time += ms) })).toEqual([])
  })

  test('is kept by MemoryStore in real time, also where nodes share one', async () => {
    const store = new MemoryStore()
    expect(await broken(() => store, { shared: true })).toEqual([])
  })

  test('is kept by a store that makes its callers wait', async () => {
    expect(await broken(async () => new Sound(), { elapse })).toEqual([])
  })

  test('is kept by a store that only forgets what was taken', async () => {
    class Forgetful extends Sound {
      override async take(id: string) {
        const taken = await super.take(id)
        this.kept.delete(id)
        return taken === SPENT ? undefined : taken
      }
    }
    expect(await broken(() => new Forgetful(), { elapse })).toEqual([])
  })

  test.each(brokenStores)('is broken by a store that %s', async (_, make, promises) => {
    expect(await broken(make, { elapse })).toEqual(promises)
  })

  test.each(brokenNodes)('is broken by nodes of which each %s', async (_, make, promises) => {
    const nodes: Sound[] = []
    expect(await broken(() => make(nodes), { elapse, shared: true })).toEqual(promises)
  })

  test('has no case that cannot fail', () => {
    const breakable = new Set([...brokenStores, ...brokenNodes].flatMap(([, , promises]) => promises))
    const names = storeContract(() => new Sound(), { shared: true }).map(({ name }) => name)
    expect(names.filter((name) => !breakable.has(name))).toEqual([])
  })

  test('says what was broken, and how', async () => {
    const sieve: TicketStore = { put: () => undefined, take: () => undefined }
    const named = storeContract(() => sieve).find(({ name }) => name.startsWith('of 50 takers'))
    await expect(named?.run()).rejects.toThrow('of 50 takers at once, 0 got the record; exactly one may')
  })
})
