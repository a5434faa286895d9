import type { TicketStore } from '../../lib'
import { MemoryStore } from '../../lib'
import { cloud, credentials, site, visitor } from '../support/site'
import { fakeWorld } from '../support/world'

// As long as the machine needs.
jest.setTimeout(180_000)

/** A store that bounds nothing by itself, and counts what is written. */
function unbounded(recordLimit: number) {
  const memory = new MemoryStore()
  const written: string[] = []
  const store: TicketStore = {
    recordLimit,
    put: (id, ...rest) => {
      written.push(id)
      memory.put(id, ...rest)
    },
    take: (id) => memory.take(id),
    claim: (id, ...rest) => {
      written.push(id)
      return memory.claim(id, ...rest)
    },
  }
  return { store, written }
}

describe('one network that asks without end', () => {
  // Falls when: a store that grows with what visitors ask for is left to whoever asks most.
  test('attack 38: is told to wait before the cloud is asked or anything is written, and others are served', async () => {
    const simulator = await cloud()
    const { store, written } = unbounded(400)
    const world = fakeWorld()
    const { app } = site({ ...credentials(simulator), store, timeout: 30_000 }, world)
    app.set('trust proxy', 'loopback')
    const from = (address: string) => visitor(app).get('/getcaptcha').set('X-Forwarded-For', address)
    const answers = []
    for (let i = 0; i < 100; i++) answers.push(await from(`2001:db8:1:${(i * 16).toString(16)}::1`))
    const refused = answers.filter(({ status }) => status === 429)
    // An eighth of what is left: 45, for the whole /48.
    expect(written.length).toBe(45)
    expect(refused.length).toBe(55)
    expect(refused[0]?.body.code).toBe('unavailable')
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0)
    expect(simulator.calls.filter(({ path }) => path.startsWith('/register')).length).toBe(45)
    await from('198.51.100.7').expect(200)
    world.advance(600_000)
    await from('2001:db8:1::1').expect(200)
  })

  // Falls when: a made-up answer of version 4 leaves a mark, and costs a call, however many there were.
  test('attack 38: cannot leave marks of made-up answers of version 4 without end', async () => {
    const simulator = await cloud()
    const { store, written } = unbounded(400)
    const { app } = site({ ...credentials(simulator), version: 4, store, timeout: 30_000 }, fakeWorld())
    const agent = visitor(app)
    const statuses = []
    for (let i = 0; i < 80; i++) {
      const lot_number = i.toString(16).padStart(32, '0')
      const junk = { lot_number, captcha_output: 'x', pass_token: 'a'.repeat(64), gen_time: '1700000000' }
      const { status, body, headers } = await agent.post('/login').send(junk)
      statuses.push(status)
      if (status === 429) expect([body.code, Number(headers['retry-after']) > 0]).toEqual(['unavailable', true])
    }
    expect(statuses.filter((status) => status === 429).length).toBe(35)
    expect(written.length).toBe(45)
  })
})
