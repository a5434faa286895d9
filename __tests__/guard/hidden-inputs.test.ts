/** @express4 bodies */
import type { GuardOptions } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { site4 } from '../support/site-v4'

const V3 = ['geetest_challenge', 'geetest_validate', 'geetest_seccode']
const V4 = ['lot_number', 'captcha_output', 'pass_token', 'gen_time']

/** The form as README's classic page has it, before anything is written into its hidden inputs. */
const empty = (names: readonly string[], times = 1): string =>
  names.flatMap((name) => Array<string>(times).fill(`${name}=`)).join('&')

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})

describe.each([
  ['3', V3, () => site(credentials(simulator)).app],
  ['4', V4, () => site4(simulator).app],
])('hidden inputs of version %s', (_version, names, open) => {
  test.each([1, 2])(
    'that are all empty, %i of each name, are no answer, and nothing is wrong with them',
    async (times) => {
      const agent = visitor(open())
      const { body } = await agent.post('/login').type('form').send(empty(names, times)).expect(403)
      expect(body).toMatchObject({ code: 'missing', message: expect.not.stringMatching(/not read/) })
    },
  )

  test.each(['', null])('that are all %j in JSON are no answer', async (nothing) => {
    const fields = Object.fromEntries(names.map((name) => [name, nothing]))
    expect((await visitor(open()).post('/login').send(fields).expect(403)).body.code).toBe('missing')
  })

  test('of which some are empty are an answer that lacks something', async () => {
    for (const name of names) {
      const fields = new URLSearchParams(names.map((one) => [one, one === name ? '' : 'f'.repeat(32)])).toString()
      const { body } = await visitor(open()).post('/login').type('form').send(fields).expect(403)
      expect(body.code).toBe('missing')
    }
  })

  test('that are empty are missing at POST /validate', async () => {
    const reply = await visitor(open()).post('/validate').accept('json').type('form').send(empty(names)).expect(400)
    expect(reply.body).toEqual({ result: 'fail', code: 'missing' })
  })
})

describe('a page that is shown again, with its hidden inputs empty,', () => {
  test('spends the uses that are left', async () => {
    const guard: GuardOptions = { uses: 3 }
    const agent = visitor(site(credentials(simulator), {}, guard).app)
    const answer = await solve(agent, simulator)
    await agent
      .post('/login')
      .type('form')
      .send({ ...answer })
      .expect(200)
    for (const left of [1, 0]) {
      const { body } = await agent.post('/login').type('form').send(empty(V3)).expect(200)
      expect(body).toMatchObject({ via: 'pass', left })
    }
    await agent.post('/login').type('form').send(empty(V3)).expect(403)
  })

  test('spends the pass of POST /validate', async () => {
    const agent = visitor(site(credentials(simulator)).app)
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send(answer).expect(200, 'success')
    await agent.post('/login').type('form').send(empty(V3)).expect(200)
  })

  test('leaves a pass alone where one of them is wrong', async () => {
    const agent = visitor(site(credentials(simulator)).app)
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send(answer).expect(200, 'success')
    await agent
      .post('/login')
      .send({ geetest_challenge: 'f'.repeat(32), geetest_validate: '', geetest_seccode: '' })
      .expect(403)
    await agent.post('/login').expect(200)
  })
})
