import axios from 'axios'
import { geetest, GeetestClient } from '../../lib'
import { cloud, credentials, site, solve, visitor } from '../support/site'

// As the users of this package do in tests of their own code, which calls somebody else with axios.
jest.mock('axios')

describe('in tests that have put a mock in the place of axios,', () => {
  test('the mock is one, and this package was loaded nevertheless', () => {
    expect(jest.isMockFunction(axios)).toBe(true)
    expect(geetest).toBeInstanceOf(Function)
  })

  test('a visitor logs in by the simulator, as without it', async () => {
    const simulator = await cloud()
    const agent = visitor(site(credentials(simulator)).app)
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
  })

  test('GeetestClient registers', async () => {
    expect(await new GeetestClient(credentials(await cloud())).register()).toMatchObject({ status: 1 })
  })
})
