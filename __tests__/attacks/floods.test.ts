import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { MemoryStore, type Ticket } from '../../lib'
import type { AnswerFields, Simulator } from '../../lib/simulator'
import { cloud, credentials, site } from '../support/site'
import { fakeWorld } from '../support/world'
import { answer, forgeries } from './support/forgeries'
import { onEveryStore } from './support/stores'
import { cookieOf, inBatches, wireTo, type Wire } from './support/wire'

/** A challenge that was issued to a session, and the right answer to it. */
interface Held {
  readonly cookie: { Cookie: string }
  readonly right: AnswerFields
}

async function issue(wire: Wire, simulator: Simulator, headers: Record<string, string> = {}): Promise<Held> {
  const answered = await wire.send('GET', '/getcaptcha', headers)
  return { cookie: cookieOf(answered), right: simulator.answer(JSON.parse(answered.text).challenge) }
}
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
// Floods take as long as the machine needs.
jest.setTimeout(60_000)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
function inUse(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}
const hex = () => randomBytes(16).toString('hex')

/** One junk answer: whose session sends it, and what. */
interface Junk {
  readonly cookie: { Cookie: string } | object
  readonly fields: unknown
}

onEveryStore((store) => {
  // Falls when: anything is asked of the cloud before the answer has a ticket of this very visitor and the right signature.
  test('attack 22: 10,000 junk answers of every kind cost no call to the cloud', async () => {
    const simulator = await cloud()
    const world = fakeWorld()
    const { app } = site({ ...credentials(simulator), store: await store() }, world)
    const wire = await wireTo(app)
    const held = (n: number) => inBatches(times(n, String), 50, () => issue(wire, simulator))

    const expired = await held(500)
    world.advance(600_000)
    const [spent, wronged, foreign] = [await held(500), await held(1500), await held(500)]
    await inBatches(spent, 50, ({ cookie, right }) => wire.post('/login', right, cookie))
    const [me, bystander] = [await issue(wire, simulator), await issue(wire, simulator)]

    const malformed = [[], {}, 7, null, '', '\0', 'é'.repeat(32), 'a'.repeat(3000), { $ne: 1 }, ['x'], true]
    const kinds: Junk[][] = [
      times(2500, (i) => ({
        cookie: me.cookie,
        fields: forgeries[i % forgeries.length]?.[1](hex(), simulator.captchaId),
      })),
      times(500, () => ({ cookie: {}, fields: answer(hex(), hex()) })),
      wronged.map(({ cookie, right }) => ({ cookie, fields: { ...right, geetest_validate: hex() } })),
      wronged.slice(0, 1000).map(({ cookie, right }) => ({ cookie, fields: right })),
      times(1500, (i) => ({
        cookie: me.cookie,
        fields: {
          ...answer(hex(), hex()),
          [`geetest_${['challenge', 'validate', 'seccode'][i % 3]}`]: malformed[i % 11],
        },
      })),
      [...expired, ...expired].map(({ cookie, right }) => ({ cookie, fields: right })),
      [...spent, ...spent].map(({ cookie, right }) => ({ cookie, fields: right })),
      foreign.map(({ right }) => ({ cookie: me.cookie, fields: right })),
      foreign.map(({ cookie, right }) => ({ cookie, fields: right })),
    ]
    const junk = kinds.flat()
    expect(junk).toHaveLength(10_000)

    simulator.forget()
    let turn = 0
    const path = () => (turn++ % 2 ? '/login' : '/validate')
    const said = await inBatches(junk, 100, ({ cookie, fields }) => wire.post(path(), fields, { ...cookie }))
    expect(simulator.calls).toEqual([])
    const codes = new Set(said.map(({ text }) => (text.startsWith('{') ? JSON.parse(text).code : text)))
    const denials = ['bad_signature', 'expired', 'malformed', 'replayed', 'session_mismatch', 'unknown_challenge']
    expect([...codes].toSorted((a, b) => a.localeCompare(b))).toEqual([
      ...denials.slice(0, 2),
      'fail',
      ...denials.slice(2),
    ])
    // The honest visitor among them is judged by one call.
    expect((await wire.post('/login', bystander.right, bystander.cookie)).status).toBe(200)
    expect(simulator.calls.map(({ endpoint }) => endpoint)).toEqual(['validate'])
  })

  // Falls when: a junk answer leaves a trace in the store, or a mark that was forgotten is taken for an answer that is new.
  test('attack 12: a flood of made-up challenges brings no spent answer back', async () => {
    const simulator = await cloud()
    const { app } = site({ ...credentials(simulator), store: await store() })
    const wire = await wireTo(app)
    const { cookie, right } = await issue(wire, simulator)
    expect((await wire.post('/login', right, cookie)).status).toBe(200)
    await inBatches(times(1000, hex), 100, (id) => wire.post('/login', answer(id, hex()), cookie))
    const replay = await wire.post('/login', right, cookie)
    expect([replay.status, JSON.parse(replay.text).code]).toEqual([403, 'replayed'])
  })
})

describe('a full memory store', () => {
  /** A site whose store holds 200 records, and a proxy in front of it that tells whose requests these are. */
  async function small() {
    const simulator = await cloud()
    const store = new MemoryStore({ limit: 200 })
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
    await inBatches(times(600, String), 50, () => from('192.0.2.1'))
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
      times(1500, (i) => ATTACKERS[i % 3] as string),
      50,
      from,
    )
    expect(store.size).toBe(200)
    expect((await wire.post('/login', honest.right, honest.cookie)).status).toBe(200)
    expect((await wire.post('/login', {}, solved.cookie)).status).toBe(200)
  })

  // Falls when: every address of an IPv6 customer counts as somebody else.
  test('attack 21: an attacker with 2^64 addresses is one network', async () => {
    const { wire, from } = await small()
    const honest = await from('198.51.100.7')
    await inBatches(
      times(600, (i) => `2001:db8:0:1:${(i + 1).toString(16)}::1`),
      50,
      from,
    )
    expect((await wire.post('/login', honest.right, honest.cookie)).status).toBe(200)
  })

  // Falls when: anything in the store grows with what was ever issued, instead of with its limit.
  test('attack 21: a million challenges take the room of a thousand', () => {
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
    const put = (i: number) => store.put(`id${i}`, ticket, 600_000, `net${i % 5000}`)
    for (let i = 0; i < 10_000; i++) put(i)
    const before = inUse()
    for (let i = 10_000; i < 1_000_000; i++) put(i)
    expect(store.size).toBe(1000)
    // A million records would take about 400 MB.
    expect(inUse() - before).toBeLessThan(20e6)
  })
})
