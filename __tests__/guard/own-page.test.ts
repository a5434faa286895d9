import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor } from '../support/site'

describe('a pass', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  async function holder(origins?: string[]) {
    const agent = visitor(site({ ...credentials(simulator), origins }).app)
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send(answer).expect(200, 'success')
    return agent
  }

  test.each([
    [{}, 200],
    [{ 'Sec-Fetch-Site': 'same-origin' }, 200],
    [{ 'Sec-Fetch-Site': 'same-site', Origin: 'https://www.example.com' }, 403],
    [{ 'Sec-Fetch-Site': 'none' }, 200],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site', Origin: 'http://127.0.0.1' }, 403],
    [{ Origin: 'http://127.0.0.1:9' }, 403],
    [{ Origin: 'https://evil.example' }, 403],
    [{ Origin: 'https://127.0.0.1.evil.example' }, 403],
    [{ Origin: 'null' }, 403],
  ])('asked for with %j is answered %i', async (headers, status) => {
    const agent = await holder()
    await agent
      .post('/login')
      .set(headers as Record<string, string>)
      .expect(status)
  })

  test('that a stranger’s page asked for is still there for its owner', async () => {
    const agent = await holder()
    const { body } = await agent.post('/login').set('Sec-Fetch-Site', 'cross-site').expect(403)
    expect(body.code).toBe('missing')
    await agent.post('/login').set('Sec-Fetch-Site', 'same-origin').expect(200)
  })

  test.each([
    ['https://app.example.com', 200],
    ['https://app.example.com.evil.example', 403],
    ['http://app.example.com', 403],
  ])(
    'may be spent by a page of an origin that is named, and by no other: %s is answered %i',
    async (origin, status) => {
      const agent = await holder(['https://app.example.com'])
      await agent.post('/login').set({ Origin: origin, 'Sec-Fetch-Site': 'cross-site' }).expect(status)
    },
  )

  test('is not asked for by an answer, which may come from anywhere', async () => {
    const agent = visitor(site(credentials(simulator)).app)
    const answer = await solve(agent, simulator)
    await agent.post('/login').set('Sec-Fetch-Site', 'cross-site').send(answer).expect(200)
  })
})
