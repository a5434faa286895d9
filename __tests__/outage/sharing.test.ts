import request from 'supertest'
import type { GeetestEvent, GeetestOptions } from '../../lib'
import { DEADLINE, stopTimers } from '../support/deadlines'
import { gateTo } from '../support/gate'
import { cloud, credentials, site } from '../support/site'
import { SharedStore } from '../support/shared-store'
import { fakeWorld, until } from '../support/world'

stopTimers()

/** Lets everything happen that needs no clock. */
const settle = async () => {
  for (let i = 0; i < 50; i++) await new Promise(setImmediate)
}

/** Several nodes of one site, on one store, one cloud and one clock. */
async function nodes(count: number, options: Partial<GeetestOptions> = {}) {
  const simulator = await cloud()
  const gate = await gateTo(simulator)
  const world = fakeWorld()
  const store = new SharedStore(world.now)
  const start = (more: Partial<GeetestOptions> = {}) =>
    site(
      {
        ...credentials(simulator),
        apiServer: gate.url,
        timeout: DEADLINE,
        store,
        downtime: 'failback',
        ...options,
        ...more,
      },
      world,
    )
  const all = Array.from({ length: count }, () => start())
  const goDown = async ({ app } = all[0] as ReturnType<typeof start>) => {
    await simulator.fault('500', { endpoint: 'register' })
    for (let i = 0; i < 3; i++) await request(app).get('/getcaptcha').expect(200)
    await settle()
  }
  const modes = () => all.map(({ captcha }) => captcha.status.mode)
  /** Lets `seconds` pass in steps of a tenth, so that every timer rings in its turn and every call is answered. */
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds * 10; i++) {
      world.advance(100)
      await settle()
    }
  }
  return { simulator, gate, world, store, all, start, goDown, modes, pass }
}

describe('nodes with a store that they share', () => {
  test('learn at once what one of them has found out: nobody waits for the cloud any more', async () => {
    const { simulator, all, goDown, modes } = await nodes(3)
    await goDown()
    expect(modes()).toEqual(['down', 'down', 'down'])
    simulator.forget()
    for (const { app } of all) expect((await request(app).get('/getcaptcha')).body.success).toBe(0)
    expect(simulator.calls).toEqual([])
  })

  test('agree on since and cause', async () => {
    const { all, goDown } = await nodes(3)
    await goDown()
    const [first, ...others] = all.map(({ captcha }) => captcha.status)
    expect(first).toMatchObject({ cause: 'status' })
    expect(others).toEqual([first, first])
  })

  test('probe at most once per interval, all ten together', async () => {
    const { simulator, goDown, modes, pass } = await nodes(10)
    await goDown()
    simulator.forget()
    await pass(60)
    expect(modes()).toEqual(Array(10).fill('down'))
    const probes = simulator.calls.filter(({ endpoint }) => endpoint === 'register').length
    expect(probes).toBeGreaterThanOrEqual(9)
    expect(probes).toBeLessThanOrEqual(12)
  })

  test('come back together, after two good probes by whichever of them and a look of each other’s own', async () => {
    const { simulator, goDown, modes, pass } = await nodes(10)
    await goDown()
    await simulator.fault('none')
    simulator.forget()
    await pass(13)
    expect(modes()).toEqual(Array(10).fill('up'))
    expect(simulator.calls).toHaveLength(2 + 9)
  })

  test('tell each of their own listeners of the change, once', async () => {
    const events: GeetestEvent[] = []
    const onEvent = (event: GeetestEvent) => void (event.type === 'cloud' && events.push(event))
    const { simulator, goDown, pass } = await nodes(3, { onEvent })
    await goDown()
    await simulator.fault('none')
    await pass(13)
    const told = events.map((event) => (event.type === 'cloud' ? event.mode : 'other'))
    expect(told.join(' ')).toBe('down down down up up up')
  })

  test('take in a node that starts during an outage', async () => {
    const { start, goDown } = await nodes(1)
    await goDown()
    const late = start()
    await settle()
    expect(late.captcha.status).toMatchObject({ mode: 'down', cause: 'status' })
  })

  test('do not believe in an outage of which nobody has spoken for long', async () => {
    const { all, start, goDown, world } = await nodes(1)
    await goDown()
    all[0]?.captcha.close()
    world.advance(30_000)
    const late = start()
    await settle()
    expect(late.captcha.status.mode).toBe('up')
  })

  test('overrule one of them that was stalled over its lease, even if no news reaches it', async () => {
    const { simulator, gate, store, world, all, goDown, modes } = await nodes(2)
    await goDown()
    await simulator.fault('none')
    world.advance(6_000) // one good probe; a second will bring the cloud back
    await until(() => store.asked.post === 2)
    store.silent = true
    simulator.forget()
    gate.close()
    world.advance(6_000)
    await until(() => gate.held === 1)
    gate.pass()
    await simulator.fault('500', { endpoint: 'register' })
    world.advance(6_000) // the lease is over, and the other node sees that the cloud is down after all
    await until(() => store.asked.post === 3)
    expect(simulator.calls).toHaveLength(1)
    await simulator.fault('none')
    gate.open()
    await until(() => store.asked.post === 4) // the stalled one has its good answer, and is too late with it
    await settle()
    expect(modes()).toEqual(['down', 'down'])
    expect(all.map(({ captcha }) => captcha.status.cause)).toEqual(['status', 'status'])
  })

  test('do not share an outage of another cloud', async () => {
    const elsewhere = await cloud()
    const { start, goDown } = await nodes(2)
    const other = start(credentials(elsewhere))
    await goDown()
    expect(other.captcha.status.mode).toBe('up')
  })

  test.each(['hangs', 'fails'] as const)('go by themselves where the board %s', async (trouble) => {
    const { simulator, store, all, goDown, pass, world } = await nodes(2)
    store.trouble = trouble
    await goDown()
    expect(all.map(({ captcha }) => captcha.status.mode)).toEqual(['down', 'up'])
    await simulator.fault('none')
    await pass(25)
    expect(all.map(({ captcha }) => captcha.status.mode)).toEqual(['up', 'up'])
    expect(world.waiting).toBeLessThan(10)
  })
})

describe('the vendor’s status page', () => {
  test('is looked at once per interval, all ten nodes together, and all heed it', async () => {
    const { simulator, modes, pass } = await nodes(10, { bypass: { interval: 10_000 } })
    await simulator.fault('status-fail', { endpoint: 'bypass' })
    await pass(60)
    expect(modes()).toEqual(Array(10).fill('down'))
    const looks = simulator.calls.filter(({ endpoint }) => endpoint === 'bypass').length
    expect(looks).toBeGreaterThanOrEqual(5)
    expect(looks).toBeLessThanOrEqual(7)
  })

  test('brings all nodes back', async () => {
    const { simulator, modes, pass } = await nodes(3, { bypass: { interval: 10_000 } })
    await simulator.fault('status-fail', { endpoint: 'bypass' })
    await pass(25)
    expect(modes()).toEqual(['down', 'down', 'down'])
    await simulator.fault('none')
    await pass(15)
    expect(modes()).toEqual(['up', 'up', 'up'])
  })
})
