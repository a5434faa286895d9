import { RedisStore, type RedisClient } from '../../lib/redis-store'
import { storeContract } from '../../lib/store-contract'
import { clientKinds, describeOnCluster, describeOnRedis } from '../support/redis'

/** Runs the contract with nodes that take turns on several connections; its cases wait side by side, each with ids of its own. */
function contract(connect: () => Promise<readonly RedisClient[]>): void {
  let clients: readonly RedisClient[] = []
  let next = 0
  const makeStore = () =>
    // A busy machine breaks no contract.
    new RedisStore(clients[next++ % clients.length] as RedisClient, { timeout: 30_000 })
  const cases = storeContract(makeStore, { shared: true, claims: true })
  const ends = new Map<string, Promise<unknown>>()
  beforeAll(async () => {
    clients = await connect()
    for (const { name, run } of cases)
      ends.set(
        name,
        run().then(
          () => 'kept',
          (error: unknown) => error,
        ),
      )
  })
  test.each(cases)('$name', async ({ name }) => expect(await ends.get(name)).toBe('kept'))
}

describe.each(clientKinds)('the store contract over %s', (kind) => {
  describeOnRedis('is kept', (server) => {
    const two = () => Promise.all([server.connect(kind), server.connect(kind)])
    describe('on Redis', () => {
      contract(async () => (await two()).map(({ client }) => client))
    })
  })
})

describeOnCluster('the store contract is kept on Redis Cluster', (connect) => {
  contract(async () => [await connect(), await connect()])
})
