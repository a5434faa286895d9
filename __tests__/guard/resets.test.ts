/** @express4 sessions */
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor, type Agent } from '../support/site'
import { solveAgain } from '../support/resets'
import { fakeWorld } from '../support/world'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})
afterEach(() => simulator.fault('none'))

const code = async (agent: Agent, answer: object): Promise<string> => {
  const { status, body } = await agent.post('/login').send(answer)
  return status === 200 ? 'through' : body.code
}

describe('an answer after the widget’s reset()', () => {
  test('passes, five times after one that was registered here', async () => {
    const agent = visitor(site(credentials(simulator)).app)
    expect(await code(agent, await solve(agent, simulator))).toBe('through')
    for (let i = 0; i < 5; i++) expect(await code(agent, await solveAgain(simulator, i % 2 === 0))).toBe('through')
    expect(await code(agent, await solveAgain(simulator))).toBe('unknown_challenge')
    // A challenge of the site's own begins anew.
    expect(await code(agent, await solve(agent, simulator))).toBe('through')
    expect(await code(agent, await solveAgain(simulator))).toBe('through')
  })

  test('passes at POST /validate too, and leaves its pass', async () => {
    const agent = visitor(site(credentials(simulator)).app)
    const first = await solve(agent, simulator)
    await agent.post('/validate').send(first).expect(200, 'success')
    await agent.post('/login').expect(200)
    const again = await solveAgain(simulator)
    await agent.post('/validate').send(again).expect(200, 'success')
    await agent.post('/login').expect(200)
    await agent.post('/login').expect(403)
  })

  test('may be sent again where the cloud gave no verdict', async () => {
    const agent = visitor(site(credentials(simulator)).app)
    await code(agent, await solve(agent, simulator))
    const again = await solveAgain(simulator)
    await simulator.fault('500', { endpoint: 'validate' })
    expect(await code(agent, again)).toBe('unavailable')
    await simulator.fault('none')
    expect(await code(agent, again)).toBe('through')
  })

  test('that the cloud refuses leaves room for another', async () => {
    const agent = visitor(site(credentials(simulator)).app)
    await code(agent, await solve(agent, simulator))
    const again = await solveAgain(simulator)
    expect(await code(agent, { ...again, geetest_seccode: `${again.geetest_validate}|x` })).toBe('rejected')
    expect(await code(agent, await solveAgain(simulator))).toBe('through')
  })

  test('names the visitor by the label of the first', async () => {
    const agent = visitor(site({ ...credentials(simulator), userId: () => 'somebody' }).app)
    await code(agent, await solve(agent, simulator))
    const { body } = await agent
      .post('/login')
      .send(await solveAgain(simulator))
      .expect(200)
    expect(body).toMatchObject({ mode: 'online', via: 'answer', user: 'somebody' })
  })

  test('is refused where the site says so', async () => {
    const agent = visitor(site({ ...credentials(simulator), resets: false }).app)
    await code(agent, await solve(agent, simulator))
    expect(await code(agent, await solveAgain(simulator))).toBe('unknown_challenge')
  })

  test('is refused ten minutes after the first challenge was issued', async () => {
    const world = fakeWorld()
    const agent = visitor(site(credentials(simulator), world).app)
    await code(agent, await solve(agent, simulator))
    world.advance(599_999)
    expect(await code(agent, await solveAgain(simulator))).toBe('through')
    world.advance(1)
    expect(await code(agent, await solveAgain(simulator))).toBe('unknown_challenge')
  })
})
