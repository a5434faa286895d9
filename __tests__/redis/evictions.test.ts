import type { TicketStore } from '../../lib'
import { RedisStore } from '../../lib/redis-store'
import type { Simulator } from '../../lib/simulator'
import { describeOnRedis } from '../support/redis'
import { solveAgain } from '../support/resets'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { eventually } from '../support/world'

let simulator: Simulator
beforeEach(async () => {
  simulator = await cloud()
})

/** What becomes of an answer after a reset, on a site that keeps its tickets there. */
async function afterReset(store: TicketStore): Promise<string> {
  const agent = visitor(site({ ...credentials(simulator), store }).app)
  const right = await solve(agent, simulator)
  const first = await agent.post('/login').send(right)
  if (first.status !== 200) return `the first ${JSON.stringify(first.body)}`
  const { status, body } = await agent.post('/login').send(await solveAgain(simulator))
  return status === 200 ? 'through' : body.code
}

describeOnRedis('a Redis that makes room', (server) => {
  const FILLER = 'x'.repeat(100_000)

  /** What it says as soon as its client is connected again. */
  async function reached(ask: () => Promise<boolean | undefined>): Promise<{ known: boolean | undefined } | undefined> {
    let said: { known: boolean | undefined } | undefined
    await eventually(async () => {
      said = await ask().then(
        (known) => ({ known }),
        () => undefined,
      )
      return said !== undefined
    })
    return said
  }

  /** Until it has evicted something. */
  async function evict(): Promise<void> {
    const { send } = await server.connect()
    const used = Number(/used_memory:(\d+)/.exec(String(await send('INFO', 'memory')))?.[1])
    await send('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random')
    await send('CONFIG', 'SET', 'maxmemory', String(used + 1_000_000))
    let evicted = 0
    for (let i = 0; evicted === 0; i++) {
      await send('SET', `filler${i}`, FILLER)
      evicted = Number(/evicted_keys:(\d+)/.exec(String(await send('INFO', 'stats')))?.[1])
    }
    await send('CONFIG', 'SET', 'maxmemory', '0')
  }

  test('has nothing follow, for what it has forgotten may be anybody’s; and before that all is well', async () => {
    const { client } = await server.connect()
    const store = new RedisStore(client, { timeout: 30_000 })
    expect(await afterReset(store)).toBe('through')
    await evict()
    expect(await afterReset(store)).toBe('unknown_challenge')
    // So does a process that has not seen it happen.
    expect(await afterReset(new RedisStore(client, { timeout: 30_000 }))).toBe('unknown_challenge')
    expect(await store.knows('0'.repeat(32))).toBeUndefined()
    await store.claim('1'.repeat(32), 60_000)
    expect(await store.knows('1'.repeat(32))).toBe(true)
  })

  // Falls when: a server that nobody has seen before is taken for one that cannot miss anything.
  test('has nothing follow once another server, which counts from nothing, has taken its place', async () => {
    const { client } = await server.connect()
    const store = new RedisStore(client, { timeout: 30_000 })
    expect(await store.knows('2'.repeat(32))).toBeUndefined()
    await server.kill()
    await server.start()
    expect(await reached(() => store.knows('2'.repeat(32)))).toEqual({ known: undefined })
  })
})

describeOnRedis('a Redis whose user may not ask how it is', (server) => {
  test('has nothing follow, and everything else as ever', async () => {
    const commands = ['+get', '+set', '+del', '+eval', '+evalsha', '+time', '+pttl']
    await server.send('ACL', 'SETUSER', 'captcha', 'on', '>secret', '~*', '&*', ...commands)
    const { client } = await server.connect('node-redis 6', 'captcha:secret@')
    const store = new RedisStore(client, { timeout: 30_000 })
    expect(await store.knows('0'.repeat(32))).toBeUndefined()
    expect(await afterReset(store)).toBe('unknown_challenge')
  })
})
