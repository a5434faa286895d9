import { RedisStore } from '../../lib/redis-store'
import { createCutProxy } from '../support/cut-proxy'
import { clientKinds, connectTo, describeOnRedis } from '../support/redis'
import { cloud, credentials, solve } from '../support/site'
import { twoNodes } from './support/nodes'

// As long as the machine needs.
jest.setTimeout(180_000)

describeOnRedis('an answer whose connection to Redis is cut', (server) => {
  // Falls when: a command that a client sends again after a lost connection does its work a second time.
  test.each(clientKinds)(
    'attack 40: passes once, though the client sends again what was carried out (%s)',
    async (kind) => {
      const simulator = await cloud()
      const proxy = await createCutProxy(server.port)
      const { client, close } = await connectTo(kind, proxy.port, 1)
      const store = new RedisStore(client, { timeout: 30_000 })
      const agent = twoNodes({ ...credentials(simulator), store, budgets: false, timeout: 30_000 }, {})
      const first = await solve(agent, simulator)
      await agent.post('/login').send(first).expect(200)
      const answer = await solve(agent, simulator)
      // The taking is carried out; what Redis says of it is lost, and the client asks again.
      const cut = proxy.cutAfter('answer', 0)
      const login = agent.post('/login').send(answer)
      const ended = login.then(({ status }) => status)
      await cut
      proxy.release()
      expect(await ended).toBe(200)
      await agent.post('/login').send(answer).expect(403)
      await agent.post('/login').send(answer).expect(403)
      await close()
      await proxy.close()
    },
  )
})

describeOnRedis('a pass whose connection to Redis is cut', (server) => {
  // Falls when: a record is put back by a copy of the command that put it first.
  test.each(clientKinds)('attack 40: is spent once, though it is put twice (%s)', async (kind) => {
    const proxy = await createCutProxy(server.port)
    const { client, close } = await connectTo(kind, proxy.port, 1)
    const store = new RedisStore((await server.connect(kind)).client)
    const near = new RedisStore(client, { timeout: 30_000 })
    const pass = { kind: 'pass', place: 0, mode: 'online', gt: 'g', scene: 's', session: 'x', user: 'u' } as const
    const record = { ...pass, issued: Date.now(), expires: Date.now() + 60_000 }
    // The first sends what the server does not know yet.
    await near.put('another', record, 60_000)
    const cut = proxy.cutAfter('answer', 0)
    const put = near.put('pass', record, 60_000)
    await cut
    expect(await store.take('pass')).toEqual(record)
    proxy.release()
    await put
    expect(await store.take('pass')).toBe('spent')
    await close()
    await proxy.close()
  })
})
