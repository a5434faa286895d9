import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { MemoryStore, type Ticket } from '../../lib'
import { cloud, credentials, site } from '../support/site'
import { sized } from '../support/size'
import { issue, times } from './support/crowd'
import { inBatches, wireTo } from './support/wire'

// Floods take as long as the machine needs.
jest.setTimeout(180_000)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
function inUse(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** Records that a store of these tests holds. */
const HELD = 50
const ISSUED = sized(1_000_000)

describe('a full memory store', () => {
  /** A site whose store holds few records, and a proxy in front of it that tells whose requests these are. */
  async function small() {
    const simulator = await cloud()
    const store = new MemoryStore({ limit: HELD })
    const { app } = site({ ...credentials(simulator), store })
    app.set('trust proxy', 'loopback')
    const wire = await wireTo(app)
    const from = (address: string) => issue(wire, simulator, { 'X-Forwarded-For': address })
    return { simulator, store, wire, from }
  }
  const ATTACKERS = ['192.0.2.1', '192.0.2.2', '2001:db8::1']

  // Falls when: a mark that had to go is the only thing that denies a replay.
  test('attack 12: who drives their own spent answer out of it cannot spend that again', async () => {
    const { wire, from } = await small()
    const { cookie, right } = await from('192.0.2.1')
    expect((await wire.post('/login', right, cookie)).status).toBe(200)
    await inBatches(times(3 * HELD, String), 50, () => from('192.0.2.1'))
    const replay = await wire.post('/login', right, cookie)
    expect([replay.status, JSON.parse(replay.text).code]).toEqual([403, 'unknown_challenge'])
  })

  // Falls when: the oldest record makes room, whoever filled the store.
  test('attack 21: a flood from a few addresses drives out its own challenges, and never an honest visitor’s', async () => {
    const { store, wire, from } = await small()
    const honest = await from('198.51.100.7')
    const solved = await from('198.51.100.8')
    await wire.post('/validate', solved.right, solved.cookie)
    await inBatches(
      times(7 * HELD, (i) => ATTACKERS[i % 3] as string),
      50,
      from,
    )
    expect(store.size).toBe(HELD)
    expect((await wire.post('/login', honest.right, honest.cookie)).status).toBe(200)
    expect((await wire.post('/login', {}, solved.cookie)).status).toBe(200)
  })

  // Falls when: every address of an IPv6 customer counts as somebody else.
  test('attack 21: an attacker with 2^64 addresses is one network', async () => {
    const { wire, from } = await small()
    const honest = await from('198.51.100.7')
    await inBatches(
      times(3 * HELD, (i) => `2001:db8:0:1:${(i + 1).toString(16)}::1`),
      50,
      from,
    )
    expect((await wire.post('/login', honest.right, honest.cookie)).status).toBe(200)
  })

  // Falls when: anything in the store grows with what was ever issued, instead of with its limit.
  test(`attack 21: ${ISSUED} challenges take the room of a thousand`, () => {
    const store = new MemoryStore({ limit: 1000 })
    const ticket: Ticket = {
      kind: 'ticket',
      challenge: 'c',
      mode: 'online',
      gt: 'g',
      scene: 's',
      session: 'x',
      user: 'u',
      issued: 0,
      expires: 1,
    }
    const put = (i: number) => store.put(`id${i}`, { ...ticket, session: `x${i}` }, 600_000, `net${i % 5000}`)
    for (let i = 0; i < 10_000; i++) put(i)
    const before = inUse()
    for (let i = 10_000; i < ISSUED; i++) put(i)
    expect(store.size).toBe(1000)
    // A hundred thousand records would take about 40 MB.
    expect(inUse() - before).toBeLessThan(20e6)
  })
})
