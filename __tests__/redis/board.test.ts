import type { EventEmitter } from 'node:events'
import { RedisStore, type RedisClient } from '../../lib/redis-store'
import { clientKinds, describeOnCluster, describeOnRedis, type RedisServer } from '../support/redis'
import { eventually, fakeWorld, until } from '../support/world'

const stores: RedisStore[] = []
afterEach(() => stores.splice(0).forEach((store) => store.close()))

async function node(server: RedisServer, kind = clientKinds[0]): Promise<RedisStore> {
  const store = new RedisStore((await server.connect(kind)).client)
  stores.push(store)
  return store
}

let made = 0
const fresh = (): string => `topic ${made++}`

describeOnRedis('the board in Redis', (server) => {
  test('shows what was posted to every node, and nothing before', async () => {
    const [one, other, topic] = [await node(server), await node(server), fresh()]
    expect(await other.read(topic)).toBeUndefined()
    expect(await one.post(topic, '{"since":1,"cause":"超时"}', 60_000)).toBe(true)
    expect(await other.read(topic)).toBe('{"since":1,"cause":"超时"}')
  })

  test('keeps topics apart', async () => {
    const [store, topic] = [await node(server), fresh()]
    await store.post(topic, 'word', 60_000)
    expect(await store.read(fresh())).toBeUndefined()
  })

  test('forgets a word when its time is over', async () => {
    const [store, topic] = [await node(server), fresh()]
    await store.post(topic, 'word', 20)
    await eventually(async () => (await store.read(topic)) === undefined)
    await store.post(topic, 'another', 60_000)
    expect(await store.read(topic)).toBe('another')
  })

  test('takes a word down', async () => {
    const [store, topic] = [await node(server), fresh()]
    await store.post(topic, 'word', 60_000)
    expect(await store.post(topic, undefined, 60_000)).toBe(true)
    expect(await store.read(topic)).toBeUndefined()
  })

  test('leases to one of fifty nodes that ask at once', async () => {
    const [one, other, topic] = [await node(server), await node(server), fresh()]
    const asked = Array.from({ length: 50 }, (_, i) => (i % 2 ? one : other).lease(topic, 60_000))
    const leases = (await Promise.all(asked)).filter((lease) => lease !== undefined)
    expect(leases).toEqual([expect.any(Number)])
  })

  test('leases again when the time of a lease is over, under a larger number', async () => {
    const [store, topic] = [await node(server), fresh()]
    const first = Number(await store.lease(topic, 20))
    let second: number | undefined
    await eventually(async () => (second = await store.lease(topic, 60_000)) !== undefined)
    expect(second).toBeGreaterThan(first)
  })

  test('gives larger numbers than before also when Redis has lost everything', async () => {
    const [store, topic] = [await node(server), fresh()]
    const before = Number(await store.lease(topic, 60_000))
    await server.send('FLUSHALL')
    await store.post(topic, 'an old one', 60_000, before)
    // Seconds are what such a number is made from.
    const clock = Number(((await server.send('TIME')) as string[])[0])
    await eventually(async () => Number(((await server.send('TIME')) as string[])[0]) > clock)
    await server.send('FLUSHALL')
    expect(Number(await store.lease(topic, 60_000))).toBeGreaterThan(before)
  })

  describe('refuses the word of a lease', () => {
    test('that is older than the one under which was posted last', async () => {
      const [stalled, other, topic] = [await node(server), await node(server), fresh()]
      const older = await stalled.lease(topic, 1)
      let newer: number | undefined
      await eventually(async () => (newer = await other.lease(topic, 60_000)) !== undefined)
      expect(await other.post(topic, 'down', 60_000, newer)).toBe(true)
      expect(await stalled.post(topic, undefined, 60_000, older)).toBe(false)
      expect(await other.read(topic)).toBe('down')
    })

    test('that is older than what was found out without one', async () => {
      const [store, topic] = [await node(server), fresh()]
      const lease = await store.lease(topic, 60_000)
      await store.post(topic, 'down', 60_000)
      expect(await store.post(topic, 'up', 60_000, lease)).toBe(false)
      expect(await store.read(topic)).toBe('down')
    })

    test('also when the newer word has been taken down, or is forgotten', async () => {
      const [store, topic] = [await node(server), fresh()]
      const lease = await store.lease(topic, 60_000)
      await store.post(topic, undefined, 60_000)
      expect(await store.post(topic, 'down', 60_000, lease)).toBe(false)
      expect(await store.read(topic)).toBeUndefined()
    })
  })

  test('lets the holder of a lease speak more than once, and those who come after', async () => {
    const [store, topic] = [await node(server), fresh()]
    const lease = await store.lease(topic, 1)
    expect(await store.post(topic, 'a', 60_000, lease)).toBe(true)
    expect(await store.post(topic, 'b', 60_000, lease)).toBe(true)
    expect(await store.post(topic, 'c', 60_000)).toBe(true)
    expect(await store.post(topic, 'd', 60_000)).toBe(true)
    expect(await store.read(topic)).toBe('d')
  })
})

describe.each(clientKinds)('watching the board over %s', (kind) => {
  describeOnRedis('in Redis', (server) => {
    /** Somebody who watches, and has heard that the watch has begun; on a clock that stands still. */
    async function watcher(topic: string) {
      const [{ client, close }, world] = [await server.connect(kind), fakeWorld()]
      const store = new RedisStore(client, {}, world)
      stores.push(store)
      let heard = 0
      const stop = store.watch(topic, () => heard++)
      await until(() => heard > 0)
      return { store, stop, close, world, client: client as RedisClient & EventEmitter, heard: () => heard }
    }

    const subscribers = async () =>
      String(await server.send('CLIENT', 'LIST', 'TYPE', 'pubsub')).match(/id=/g)?.length ?? 0

    test('calls back after every post that stands, on the node that posted and on others', async () => {
      const topic = fresh()
      const [here, there] = [await watcher(topic), await watcher(topic)]
      const before = [here.heard(), there.heard()] as const
      await here.store.post(topic, 'word', 60_000)
      await here.store.post(topic, undefined, 60_000)
      await until(() => here.heard() > before[0] + 1 && there.heard() > before[1] + 1)
      expect([here.heard(), there.heard()]).toEqual([before[0] + 2, before[1] + 2])
    })

    test('does not call back for other topics, nor for a post that loses', async () => {
      const [topic, end] = [fresh(), fresh()]
      const here = await watcher(topic)
      const lease = await here.store.lease(topic, 60_000)
      await here.store.post(topic, 'word', 60_000)
      await until(() => here.heard() === 2)
      await here.store.post(topic, 'late', 60_000, lease)
      await here.store.post(fresh(), 'word', 60_000)
      let ended = false
      here.store.watch(end, () => (ended = true))
      await here.store.post(end, 'word', 60_000)
      await until(() => ended)
      expect(here.heard()).toBe(2)
    })

    test('is called off, and the last one closes the connection that it had opened', async () => {
      const before = await subscribers()
      const here = await watcher(fresh())
      const stop = here.store.watch(fresh(), () => undefined)
      expect(here.client.listenerCount('ready')).toBe(1)
      stop()
      expect(await subscribers()).toBe(before + 1)
      here.stop()
      here.stop()
      expect(here.client.listenerCount('ready')).toBe(0)
      await eventually(async () => (await subscribers()) === before)
    })

    test('goes with the client that it belongs to', async () => {
      const before = await subscribers()
      const here = await watcher(fresh())
      expect(await subscribers()).toBe(before + 1)
      await here.close()
      await eventually(async () => (await subscribers()) === before)
    })

    test('goes on when Redis was gone, and calls back at once, because something may have been missed', async () => {
      const topic = fresh()
      const here = await watcher(topic)
      await server.kill()
      await server.start()
      await until(() => here.heard() > 1)
      const before = here.heard()
      await eventually(() => here.store.post(topic, 'word', 60_000).catch(() => false))
      await until(() => here.heard() > before)
      expect(await here.store.read(topic)).toBe('word')
    })

    test('goes on when its own connection is lost, and no other', async () => {
      const here = await watcher(fresh())
      await server.send('CLIENT', 'KILL', 'TYPE', 'pubsub')
      await until(() => here.world.waiting === 1)
      here.world.advance(1000)
      await until(() => here.heard() > 1)
      expect(await subscribers()).toBe(1)
    })

    test('tells a user of Redis who may not subscribe what to write, and works without news', async () => {
      await server.send('ACL', 'SETUSER', 'shop', 'on', '>pw', '~*', '+@all', 'resetchannels')
      const warn = jest.spyOn(process, 'emitWarning').mockReturnValue()
      const [{ client }, topic] = [await server.connect(kind, 'shop:pw@'), fresh()]
      const store = new RedisStore(client)
      stores.push(store)
      store.watch(topic, () => undefined)
      await until(() => warn.mock.calls.length > 0)
      const words = expect.stringMatching(/may not subscribe to geetest:news.*ACL SETUSER <name> &geetest:news/)
      expect(warn).toHaveBeenCalledWith(words, { code: 'GEETEST_REDIS_SUBSCRIBE' })
      expect(await store.post(topic, 'word', 60_000, await store.lease(topic, 60_000))).toBe(true)
      expect(await store.read(topic)).toBe('word')
      warn.mockRestore()
    })

    test('ends with close(), and leaves the client open', async () => {
      const here = await watcher(fresh())
      here.store.close()
      here.store.close()
      await eventually(async () => (await subscribers()) === 0)
      expect(await here.store.read('any')).toBeUndefined()
    })
  })
})

describeOnCluster('the board and the limits on Redis Cluster', (connect) => {
  test('work as they do elsewhere: what one script touches lives in one slot', async () => {
    const [one, other, topic] = [new RedisStore(await connect()), new RedisStore(await connect()), fresh()]
    stores.push(one, other)
    let heard = 0
    other.watch(topic, () => heard++)
    await until(() => heard === 1)
    const lease = await one.lease(topic, 60_000)
    expect(await other.lease(topic, 60_000)).toBeUndefined()
    expect(await one.post(topic, 'word', 60_000, lease)).toBe(true)
    await until(() => heard === 2)
    expect(await other.read(topic)).toBe('word')
    const counters = [one, other].map((store) => store.counter({ name: 'x', ms: 60_000, limit: 1, most: 1 }))
    const places = { own: ['a', 'b', 'c'], shared: 'd' }
    await counters[0]?.count(places, { own: true, shared: true })
    const found = await counters[1]?.count(places, { own: false, shared: false })
    expect(found).toMatchObject({ own: [1, 1, 1], shared: 1 })
  })
})
