import axios from 'axios'
import request from 'supertest'
import type { AxiosLike, GeetestEvent, GeetestOptions } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { gateTo } from '../support/gate'
import { cloud, credentials, site, solve, visitor, type Agent } from '../support/site'
import { fakeWorld, until } from '../support/world'

const tick = () => new Promise(setImmediate)
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))

type Issue = Extract<GeetestEvent, { type: 'issue' }>

/** A site with `prefetch`, on a clock of its own, and everything that goes on behind its visitors' backs. */
async function open(options: Partial<GeetestOptions> = {}) {
  const simulator = await cloud()
  const world = fakeWorld()
  const issues: Issue[] = []
  const calls = { underWay: 0 }
  const http: AxiosLike = {
    async request(config) {
      calls.underWay += 1
      return axios.request(config).finally(() => (calls.underWay -= 1))
    },
  }
  const onEvent = (event: GeetestEvent) => void (event.type === 'issue' && issues.push(event))
  const gate = await gateTo(simulator)
  const reach = { ...credentials(simulator), apiServer: gate.url }
  const { app, captcha } = site({ ...reach, prefetch: true, http, onEvent, ...options }, world)
  /** Waits until no call is under way, and none begins. */
  async function calm(): Promise<void> {
    do {
      await until(() => calls.underWay === 0)
      await tick()
    } while (calls.underWay > 0)
  }
  const ask = async (agent: Agent = visitor(app)) => (await agent.get('/getcaptcha').expect(200)).body
  /** Asks one after another until so many lie ready. */
  async function fill(level: number): Promise<void> {
    for (let i = 0; i < level; i++) {
      await ask()
      await calm()
    }
    simulator.forget()
    issues.length = 0
  }
  const stocked = () => issues.map((issue) => issue.stocked)
  return { simulator, gate, world, app, captcha, issues, stocked, calm, ask, fill }
}

const registers = ({ calls }: Simulator) => calls.filter(({ endpoint }) => endpoint === 'register').length

describe('prefetch', () => {
  test('is off by default: one call for each visitor, and none beside', async () => {
    const { simulator, ask, calm, issues } = await open({ prefetch: undefined })
    await ask()
    await calm()
    expect([registers(simulator), issues]).toEqual([1, [{ type: 'issue', scene: 'default', mode: 'online' }]])
  })

  test('answers from the stock while the cloud hangs, and what it gave is judged by the cloud', async () => {
    const { simulator, app, fill, stocked } = await open()
    await fill(1)
    await simulator.fault('hang', { endpoint: 'register' })
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    expect(stocked()).toEqual([true])
    await agent.post('/login').send(answer).expect(200)
    expect(simulator.events.filter(({ redeemed }) => redeemed)).toHaveLength(1)
  })

  test('answers at once while the cloud is slow', async () => {
    const { gate, ask, fill, stocked, calm } = await open()
    await fill(3)
    gate.close()
    await Promise.all(times(3, () => ask()))
    await until(() => gate.held > 0)
    gate.open()
    await calm()
    expect(stocked()).toEqual([true, true, true])
  })

  test('tells in every issue whether it came from the stock, and how much is left there', async () => {
    const { ask, calm, issues } = await open()
    for (let i = 0; i < 3; i++) {
      await ask()
      await calm()
    }
    expect(issues.map(({ stocked }) => stocked)).toEqual([false, true, true])
    expect(issues.slice(1).map(({ stock }) => stock)).toEqual([0, 1])
  })

  test.each([
    [59_999, 2],
    [60_000, 0],
  ])('keeps as many ready as asked in the last minute: after %i ms and one visitor more, %i', async (ms, refills) => {
    const { simulator, world, ask, calm, fill } = await open()
    await fill(5)
    world.advance(ms)
    await ask()
    await calm()
    expect(registers(simulator)).toBe(refills)
  })

  test('calls nobody while nobody asks', async () => {
    const { simulator, world, calm, fill } = await open()
    await fill(5)
    for (let minute = 0; minute < 10; minute++) {
      world.advance(60_000)
      await calm()
    }
    expect([simulator.calls.length, world.waiting]).toEqual([0, 0])
  })

  test.each([1, 3])('never keeps more than its limit of %i', async (stock) => {
    const { simulator, ask, calm, fill, issues } = await open({ prefetch: { stock } })
    await fill(10)
    await Promise.all(times(10, () => ask()))
    await calm()
    await ask()
    expect(issues.at(-1)?.stock).toBe(stock - 1)
    expect(Math.max(...issues.map((issue) => issue.stock ?? 0))).toBeLessThanOrEqual(stock)
    expect(simulator.events.filter(({ solved }) => solved === undefined).length).toBe(10 + 10 + 1 + stock)
  })

  test('makes at most 16 calls at once beside those of visitors', async () => {
    const waiting: (() => void)[] = []
    const reply = () => ({ status: 200, data: JSON.stringify({ challenge: '0'.repeat(32) }) })
    const http: AxiosLike = {
      request: () => new Promise((resolve) => void waiting.push(() => resolve(reply()))),
    }
    const { ask } = await open({ http })
    const visitors = times(40, () => ask())
    await until(() => waiting.length >= 40 + 16)
    for (let i = 0; i < 20; i++) await tick()
    expect(waiting.length).toBe(40 + 16)
    waiting.forEach((answer) => answer())
    await Promise.all(visitors)
  })

  test('gives each challenge to one visitor, also to many at once', async () => {
    const { ask, fill, stocked } = await open()
    await fill(20)
    const challenges = (await Promise.all(times(40, () => ask()))).map(({ challenge }) => challenge)
    expect(new Set(challenges).size).toBe(40)
    expect(stocked().filter(Boolean).length).toBeGreaterThanOrEqual(20)
  })

  test('binds what it gives to the session that got it', async () => {
    const { simulator, app, fill, stocked } = await open()
    await fill(2)
    const [owner, thief] = [visitor(app), visitor(app)]
    const answer = await solve(owner, simulator)
    await solve(thief, simulator)
    expect(stocked()).toEqual([true, true])
    expect((await thief.post('/login').send(answer).expect(403)).body.code).toBe('session_mismatch')
  })

  test('writes a ticket only when a challenge is issued', async () => {
    const { simulator, app, fill } = await open()
    await fill(3)
    // What was registered last lies in stock.
    const spare = simulator.events.at(-1)
    const answer = simulator.answer(String(spare?.challenge))
    expect((await request(app).post('/login').send(answer).expect(403)).body.code).toBe('unknown_challenge')
  })

  describe('a challenge of the stock', () => {
    test.each([
      [119_999, true],
      [120_000, false],
    ])('that is %i ms old is issued: %p', async (age, expected) => {
      const { world, ask, fill, stocked } = await open()
      await fill(1)
      world.advance(age)
      await ask()
      expect(stocked()).toEqual([expected])
    })

    test.each([
      [499_999, 200, undefined],
      [500_000, 403, 'expired'],
    ])('that was 100 s old can be answered %i ms later with %i', async (later, status, code) => {
      const { simulator, world, app, fill, stocked } = await open()
      await fill(1)
      world.advance(100_000)
      const agent = visitor(app)
      const answer = await solve(agent, simulator)
      world.advance(later)
      const { body } = await agent.post('/login').send(answer).expect(status)
      expect([stocked(), body.code]).toEqual([[true], code])
    })

    test('makes room for a new one when it is too old, without waiting for a visitor', async () => {
      const { simulator, world, ask, calm, fill, stocked } = await open()
      await fill(3)
      world.advance(70_000)
      await ask()
      await calm()
      simulator.forget()
      world.advance(50_000)
      await calm()
      expect(registers(simulator)).toBe(1)
      await ask()
      expect(stocked()).toEqual([true, true])
    })
  })

  describe('in an outage', () => {
    const down = { mode: 'down', reason: 'drill', seconds: 600 } as const

    test('that an operator orders, nothing of the stock is issued, and nobody is called', async () => {
      const { simulator, captcha, ask, calm, fill } = await open()
      await fill(3)
      captcha.force(down)
      expect(await ask()).toMatchObject({ success: 0 })
      await calm()
      expect(simulator.calls).toEqual([])
    })

    test('that is over, nothing is issued that was registered before it', async () => {
      const { simulator, captcha, ask, calm, fill, stocked } = await open()
      await fill(3)
      const before = simulator.events.map(({ challenge }) => challenge)
      captcha.force(down)
      captcha.force(undefined)
      await calm()
      const { challenge } = await ask()
      expect([stocked(), before]).toEqual([[true], expect.not.arrayContaining([challenge])])
    })

    test('whose order has just run out over a measured one, nothing of the stock is issued', async () => {
      const { simulator, world, captcha, ask, calm, fill } = await open()
      await fill(1)
      captcha.force({ mode: 'up', reason: 'drill', seconds: 5 })
      await simulator.fault('500', { endpoint: 'register' })
      for (let i = 0; i < 5; i++) {
        await ask()
        await calm()
        world.advance(500)
      }
      await simulator.fault('none')
      world.time += 2500
      expect(captcha.status.mode).toBe('down')
      expect(await ask()).toMatchObject({ success: 0 })
    })

    test('lost refills count as lost calls: the third makes it known', async () => {
      const { simulator, world, captcha, ask, calm, fill } = await open({ prefetch: { stock: 3 } })
      await fill(3)
      // Good calls that are so fresh speak for the cloud.
      world.advance(10_000)
      await simulator.fault('500', { endpoint: 'register' })
      expect(await ask()).toMatchObject({ success: 1 })
      await calm()
      const modes = [captcha.status.mode]
      for (let i = 0; i < 2; i++) {
        world.advance(1000)
        await calm()
        modes.push(captcha.status.mode)
      }
      expect(modes).toEqual(['up', 'up', 'down'])
      expect(captcha.status.cause).toBe('status')
      expect(await ask()).toMatchObject({ success: 0 })
    })
  })

  describe('through a hiccup', () => {
    test('serves from the stock, and tries again once a second', async () => {
      const { simulator, world, captcha, ask, calm, fill, stocked } = await open({ prefetch: { stock: 5 } })
      await fill(5)
      await simulator.fault('reset', { endpoint: 'register', calls: 2 })
      const calls: number[] = []
      for (let i = 0; i < 3; i++) {
        await ask()
        await calm()
        world.advance(999)
        await calm()
        calls.push(registers(simulator))
        world.advance(1)
        await calm()
      }
      expect([calls, stocked(), captcha.status.mode]).toEqual([[1, 2, 5], [true, true, true], 'up'])
    })

    test('tries one call at a time, until one is answered', async () => {
      const { simulator, world, ask, calm, fill } = await open()
      await fill(5)
      await simulator.fault('reset', { endpoint: 'register', calls: 1 })
      await ask()
      await calm()
      await Promise.all(times(3, () => ask()))
      await simulator.fault('hang', { endpoint: 'register', calls: 1 })
      simulator.forget()
      world.advance(1000)
      await until(() => registers(simulator) === 1)
      for (let i = 0; i < 20; i++) await tick()
      expect(registers(simulator)).toBe(1)
    })
  })

  describe('after close()', () => {
    test('nothing goes on, and visitors are still served', async () => {
      const { simulator, world, captcha, ask, calm, fill, stocked } = await open()
      await fill(3)
      captcha.close()
      expect(await ask()).toMatchObject({ success: 1 })
      await calm()
      expect([registers(simulator), world.waiting, stocked()]).toEqual([1, 0, [false]])
    })

    test('a call that is still under way leaves nothing behind', async () => {
      const { simulator, world, captcha, ask, calm, fill } = await open({ prefetch: { stock: 1 } })
      await fill(1)
      await simulator.fault('slow', { endpoint: 'register', delay: 50 })
      await ask()
      await until(() => registers(simulator) === 1)
      captcha.close()
      await calm()
      await simulator.fault('none')
      await ask()
      expect([registers(simulator), world.waiting]).toEqual([2, 0])
    })

    test('a rest after a lost call is over', async () => {
      const { simulator, world, captcha, ask, calm, fill } = await open()
      await fill(1)
      await simulator.fault('reset', { endpoint: 'register' })
      await ask()
      await calm()
      captcha.close()
      expect(world.waiting).toBe(0)
    })

    test.each(['slow', 'reset'] as const)('nothing is waited for, also where a %s call ends later', async (fault) => {
      const { simulator, world, captcha, ask, calm, fill } = await open()
      await fill(1)
      await simulator.fault(fault, { endpoint: 'register', delay: 50 })
      await ask()
      captcha.close()
      await calm()
      expect(world.waiting).toBe(0)
    })
  })

  test('tells the cloud of the visitor with the answer, and nothing before', async () => {
    const { simulator, app, fill } = await open({ prefetch: { stock: 1 } })
    await fill(1)
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
    const told = simulator.calls.map(({ endpoint, params }) => [
      endpoint,
      ['user_id', 'client_type', 'ip_address'].filter((name) => name in params),
    ])
    expect(told).toContainEqual(['validate', ['user_id', 'client_type', 'ip_address']])
    expect(told.filter(([endpoint]) => endpoint === 'register')).toEqual([['register', []]])
  })

  test('tells the cloud nothing before the answer even where the stock is empty', async () => {
    const { simulator, ask, calm } = await open()
    await ask()
    await calm()
    expect(JSON.stringify(simulator.calls)).not.toMatch(/user_id|client_type|ip_address/)
  })
})
