import { Redis } from 'ioredis'
import { SPENT, type Ticket } from '../../lib'
import { RedisStore } from '../../lib/redis-store'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { clientKinds, describeOnRedis, type RedisServer } from '../support/redis'
import { eventually, fakeWorld, until } from '../support/world'

const challenge = '0123456789abcdef0123456789abcdef'
const ticket: Ticket = {
  kind: 'ticket',
  challenge,
  mode: 'online',
  gt: 'g',
  scene: 's',
  session: 'x',
  user: 'u',
  issued: 0,
  expires: 1,
}
const KEY = `geetest:kept:${challenge}`

/** Commands that clients sent since the last look, but for the looking. */
async function commandsSince(server: RedisServer): Promise<Record<string, number>> {
  const info = String(await server.send('INFO', 'commandstats'))
  await server.send('CONFIG', 'RESETSTAT')
  const counted = [...info.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)].map(([, name, calls]) => [name, Number(calls)])
  return Object.fromEntries(
    counted.filter(([name]) => !['info', 'config|resetstat', 'client|setinfo'].includes(String(name))),
  )
}

describe.each(clientKinds)('RedisStore over %s', (kind) => {
  describeOnRedis('with Redis', (server) => {
    test('sends one command for the ticket and one for its session to issue, and one to verify, one more behind a yes', async () => {
      const simulator = await cloud()
      const { client } = await server.connect(kind)
      const agent = visitor(site({ ...credentials(simulator), store: new RedisStore(client), budgets: false }).app)
      // The first sends what the server does not know yet.
      const first = await solve(agent, simulator)
      await agent.post('/login').send(first).expect(200)
      await commandsSince(server)
      const answer = await solve(agent, simulator)
      expect(await commandsSince(server)).toEqual({ evalsha: 2, get: 2, set: 2 })
      await agent.post('/login').send(answer).expect(200)
      // The ticket is taken; and a place is left for an answer after the widget's reset().
      expect(await commandsSince(server)).toEqual({ evalsha: 2, get: 2, set: 2, pttl: 1 })
    })
  })
})

describeOnRedis('RedisStore', (server) => {
  const open = async (kind = clientKinds[0]) => new RedisStore((await server.connect(kind)).client)

  test('keeps a ticket as short JSON under its challenge, for its time, and the spent mark for the rest of it', async () => {
    const store = await open()
    await store.put(challenge, ticket, 60_000)
    expect(await server.send('GET', KEY)).toMatch(/^L[\w-]{8}:\[0,0,"g","s","x","u",0,1\]$/)
    await server.send('PEXPIRE', KEY, '30000')
    await store.take(challenge)
    expect(await server.send('GET', KEY)).toMatch(/^S[\w-]{16}:/)
    const left = Number(await server.send('PTTL', KEY))
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(30_000)
  })

  test('writes below the prefix that it was given', async () => {
    const { client } = await server.connect()
    await new RedisStore(client, { prefix: 'shop/' }).put(challenge, ticket, 60_000)
    expect(await server.send('EXISTS', `shop/kept:${challenge}`)).toBe(1)
  })

  test.each(['', 'nonsense', '{"half', '5', 'null', '"text"'])(
    'knows nothing of a key that somebody else wrote as %j',
    async (text) => {
      const store = await open()
      await server.send('SET', KEY, text)
      expect(await store.take(challenge)).toBeUndefined()
    },
  )

  test('takes what former versions have left, once, and knows their mark', async () => {
    const store = await open()
    for (const taken of ['take', 'claim'] as const) {
      await server.send('SET', KEY, JSON.stringify(ticket), 'PX', '60000')
      expect(await store[taken](challenge, 60_000)).toEqual(ticket)
      expect(await store[taken](challenge, 60_000)).toBe(SPENT)
      await server.send('SET', KEY, 'spent', 'PX', '60000')
      expect(await store[taken](challenge, 60_000)).toBe(SPENT)
      expect(Number(await server.send('PTTL', KEY))).toBeGreaterThan(50_000)
    }
  })

  test('keeps a record of a later version with all that it says', async () => {
    const store = await open()
    const later = { ...ticket, device: 'phone' }
    await store.put(challenge, later, 60_000)
    expect(await store.take(challenge)).toEqual(later)
  })

  test('sends a script again, as text, to a server that has lost it', async () => {
    const store = await open()
    await store.put(challenge, ticket, 60_000)
    await server.send('SCRIPT', 'FLUSH')
    expect(await store.take(challenge)).toEqual(ticket)
    expect(await store.take(challenge)).toBe(SPENT)
  })

  test('rejects where a key is no text at all', async () => {
    const store = await open()
    await server.send('DEL', KEY)
    await server.send('LPUSH', KEY, 'element')
    await expect(store.take(challenge)).rejects.toThrow('WRONGTYPE')
    await server.send('DEL', KEY)
  })

  test('takes times apart that are no whole milliseconds', async () => {
    const store = await open()
    await store.put(challenge, ticket, 59_999.5)
    expect(await store.take(challenge)).toEqual(ticket)
  })

  test('puts back what a server gave too late for anybody to hear of it', async () => {
    const world = fakeWorld()
    const store = new RedisStore((await server.connect()).client, {}, world)
    await store.put(challenge, ticket, 60_000)
    server.freeze()
    const taken = store.take(challenge)
    world.advance(1000)
    await expect(taken).rejects.toMatchObject({ code: 'no_answer' })
    server.thaw()
    await eventually(async () => String(await server.send('GET', KEY)).startsWith('L'))
    expect(Number(await server.send('PTTL', KEY))).toBeGreaterThan(0)
    expect(await store.take(challenge)).toEqual(ticket)
    expect(await store.take(challenge)).toBe(SPENT)
  })

  test('takes a claim back that a server granted too late for anybody to hear of it', async () => {
    const world = fakeWorld()
    const store = new RedisStore((await server.connect()).client, {}, world)
    await server.send('DEL', KEY)
    server.freeze()
    const claimed = store.claim(challenge, 60_000)
    world.advance(1000)
    await expect(claimed).rejects.toMatchObject({ code: 'no_answer' })
    server.thaw()
    await eventually(async () => String(await server.send('GET', KEY)).startsWith('G'))
    expect(await store.claim(challenge, 60_000)).toBeUndefined()
    expect(await store.claim(challenge, 60_000)).toBe(SPENT)
  })

  test('lets a client of ioredis connect that was told to wait for its first command', async () => {
    const client = new Redis(server.port, { lazyConnect: true })
    await new RedisStore(client).put(challenge, ticket, 60_000)
    expect(await server.send('EXISTS', KEY)).toBe(1)
    client.disconnect()
  })

  test('leaves nothing that lives for ever', async () => {
    await server.send('FLUSHALL')
    const store = await open()
    await store.put(challenge, ticket, 60_000)
    await store.take(challenge)
    await store.lease('leased', 60_000)
    await store.post('posted', 'word', 60_000, 1)
    const counter = store.counter({ name: 'issues', ms: 60_000, limit: 1, most: 1 })
    await counter.count({ own: ['192.0.2.1'], shared: '192.0.2.0/24' }, { own: true, shared: true })
    const keys = (await server.send('KEYS', '*')) as string[]
    expect(keys.toSorted()).toEqual([
      'geetest:board:{leased}:fences',
      'geetest:board:{leased}:lease',
      'geetest:board:{posted}:fences',
      'geetest:board:{posted}:text',
      'geetest:held:x',
      KEY,
      'geetest:limit:{issues}:now',
      'geetest:limit:{issues}:own:192.0.2.1',
      'geetest:limit:{issues}:shared:192.0.2.0/24',
    ])
    for (const key of keys) expect(Number(await server.send('PTTL', key))).toBeGreaterThan(0)
  })
})

describeOnRedis('RedisStore over a Redis that hangs', (server) => {
  test('stops asking after a thousand commands without an answer, until they are answered', async () => {
    const world = fakeWorld()
    const store = new RedisStore((await server.connect()).client, {}, world)
    server.freeze()
    const asked = Array.from({ length: 1000 }, (_, i) => store.put(`${i}`, ticket, 1000).catch((error) => error.code))
    await until(() => world.waiting === 1000)
    world.advance(1000)
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['no_answer']))
    await expect(store.put('one more', ticket, 1000)).rejects.toMatchObject({ code: 'too_many_unanswered' })
    server.thaw()
    await eventually(() =>
      store.put('again', ticket, 1000).then(
        () => true,
        () => false,
      ),
    )
    expect(await store.take('again')).toEqual(ticket)
  })
})
