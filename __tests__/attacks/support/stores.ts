import { MemoryStore, type TicketStore } from '../../../lib'
import { RedisStore } from '../../../lib/redis-store'
import { describeOnRedis } from '../../support/redis'

/**
 * Runs `attacks` once for each store that comes with the package: what is promised of tickets holds on each.
 * @param attacks is given the way to open an empty store, which is closed after the last of its tests
 */
export function onEveryStore(attacks: (open: () => Promise<TicketStore>) => void): void {
  describe('on a memory store', () => {
    attacks(() => Promise.resolve(new MemoryStore()))
  })

  describeOnRedis('on a redis store', (server) => {
    const opened: RedisStore[] = []
    afterAll(() => opened.forEach((store) => store.close()))
    attacks(async () => {
      const { client } = await server.connect()
      // A busy machine breaks no promise.
      const store = new RedisStore(client, { prefix: `attacked${opened.length}:`, timeout: 30_000 })
      opened.push(store)
      return store
    })
  })
}
