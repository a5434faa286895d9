import { once } from 'node:events'
import { Cluster } from 'ioredis'
import { RedisStore, type RedisClient } from '../../lib/redis-store'
import { storeContract } from '../../lib/store-contract'
import { before62, clientKinds, describeOnRedis } from '../support/redis'

/** Runs the contract with nodes that take turns on several connections. */
function contract(clients: () => readonly RedisClient[]): void {
  let next = 0
  const makeStore = () => {
    const all = clients()
    return new RedisStore(all[next++ % all.length] as RedisClient)
  }
  test.each(storeContract(makeStore, { shared: true }))('$name', ({ run }) => run())
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

  describeOnRedis('is kept on Redis before 6.2', (server) => {
    let clients: RedisClient[] = []
    beforeAll(async () => {
      const connected = await Promise.all([server.connect(kind), server.connect(kind)])
      clients = connected.map(before62)
    })
    contract(() => clients)
  })
})

describeOnRedis(
  'the store contract is kept on Redis Cluster',
  (server) => {
    let clients: Cluster[] = []
    beforeAll(async () => {
      await server.send('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
      clients = [1, 2].map(() => new Cluster([{ host: '127.0.0.1', port: server.port }]))
      for (const client of clients) client.on('error', () => undefined)
      await Promise.all(clients.map((client) => once(client, 'ready')))
    })
    afterAll(() => clients.forEach((client) => client.disconnect()))
    contract(() => clients)
  },
  ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
)
