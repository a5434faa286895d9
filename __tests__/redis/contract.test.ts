import { RedisStore, type RedisClient } from '../../lib/redis-store'
import { storeContract } from '../../lib/store-contract'
import { clientKinds, describeOnCluster, describeOnRedis } from '../support/redis'

/** Runs the contract with nodes that take turns on several connections. */
function contract(clients: () => readonly RedisClient[]): void {
  let next = 0
  const makeStore = () => {
    const all = clients()
    // A busy machine breaks no contract.
    return new RedisStore(all[next++ % all.length] as RedisClient, { timeout: 30_000 })
  }
  test.each(storeContract(makeStore, { shared: true, claims: true }))('$name', async ({ run }) =>
    expect(await run()).toBeUndefined(),
  )
}

describe.each(clientKinds)('the store contract over %s', (kind) => {
  describeOnRedis('is kept on Redis', (server) => {
    let clients: RedisClient[] = []
    beforeAll(async () => {
      const connected = await Promise.all([server.connect(kind), server.connect(kind)])
      clients = connected.map(({ client }) => client)
    })
    contract(() => clients)
  })
})

describeOnCluster('the store contract is kept on Redis Cluster', (connect) => {
  let clients: RedisClient[] = []
  beforeAll(async () => {
    clients = [await connect(), await connect()]
  })
  contract(() => clients)
})
