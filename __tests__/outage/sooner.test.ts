import request from 'supertest'
import { cloud, credentials, site } from '../support/site'
import { SharedStore } from '../support/shared-store'
import { fakeWorld, until } from '../support/world'

/** A node of a site whose clock stands still: all its calls belong to the last ten seconds. */
async function busy(count = 1) {
  const simulator = await cloud()
  const world = fakeWorld()
  const store = new SharedStore(world.now)
  const nodes = Array.from({ length: count }, () => {
    const { app, captcha } = site({ ...credentials(simulator), store }, world)
    const server = app.listen(0, '127.0.0.1')
    servers.push(server)
    const visit = async (times: number) => {
      for (let i = 0; i < times; i++) await request(server).get('/getcaptcha').expect(200)
    }
    return { captcha, visit, mode: () => captcha.status.mode }
  })
  const fails = (fails: boolean) => simulator.fault(fails ? '500' : 'none', { endpoint: 'register' })
  return { simulator, nodes, node: nodes[0] as (typeof nodes)[0], fails }
}
const servers: { close(): void }[] = []
afterAll(() => servers.forEach((server) => server.close()))

describe('on a site with many visitors, of whom most were just served,', () => {
  test('eight lost calls in a row are an outage', async () => {
    const { node, fails } = await busy()
    await node.visit(40)
    await fails(true)
    await node.visit(7)
    expect(node.mode()).toBe('up')
    await node.visit(1)
    expect(node.captcha.status).toMatchObject({ mode: 'down', cause: 'status' })
  })

  test('a call that is answered begins the row anew', async () => {
    const { node, fails } = await busy()
    await node.visit(40)
    for (let i = 0; i < 3; i++) {
      await fails(true)
      await node.visit(7)
      await fails(false)
      await node.visit(1)
    }
    expect(node.mode()).toBe('up')
  })

  test('a node that has lost three in a row believes another at once, without a look of its own', async () => {
    const { nodes, fails } = await busy(2)
    const [one, other] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
    for (const { visit } of nodes) await visit(40)
    await fails(true)
    await other.visit(3)
    await one.visit(8)
    await until(() => other.mode() === 'down')
    expect((await other.captcha.health()).lastProbe).toBeUndefined()
  })

  test('a node that has lost none looks for itself, and contradicts what it does not see', async () => {
    const { simulator, nodes, fails } = await busy(2)
    const [one, other] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
    for (const { visit } of nodes) await visit(40)
    await simulator.fault('500', { endpoint: 'register', calls: 8 })
    await one.visit(8)
    await until(() => one.mode() === 'down')
    await until(() => simulator.calls.some(({ endpoint }, i) => endpoint === 'register' && i >= 88))
    expect((await other.captcha.health()).lastProbe?.outcome ?? 'ok').toBe('ok')
    expect(other.mode()).toBe('up')
    await fails(false)
  })
})
