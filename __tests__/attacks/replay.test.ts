import { proofOfWork, type TicketStore } from '../../lib'
import { signValidate } from '../../lib/digest'
import type { AnswerFields, Simulator } from '../../lib/simulator'
import { cloud, credentials, errorsAsJson, site, solve, visitor, type Agent } from '../support/site'
import { work } from '../support/work'
import { answer as fields } from './support/forgeries'
import { evilCloud } from './support/evil-cloud'
import { twoNodes } from './support/nodes'
import { storm, tally, through } from './support/storm'
import { onEveryStore } from './support/stores'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})
afterEach(() => simulator.fault('none'))

/** A cloud that says yes each time it is asked, so that nothing but the ticket stands between an answer and its replay. */
async function generous(store: TicketStore) {
  const evil = await evilCloud()
  const agent = twoNodes({ ...evil.credentials, store })
  const { body } = await agent.get('/getcaptcha').expect(200)
  return { evil, agent, right: evil.answer(body.challenge), challenge: body.challenge as string }
}

async function inDowntime(store: TicketStore) {
  const down = await cloud()
  await down.fault('refuse')
  const light = proofOfWork({ privateKey: down.privateKey, hashes: 16 })
  const agent = twoNodes({ ...credentials(down), store, downtime: light, budgets: false })
  const { body } = await agent.get('/getcaptcha').expect(200)
  return { agent, right: work(body.challenge) }
}

onEveryStore((store) => {
  // Falls when: taking the ticket is not one step, or comes after the wait for the cloud, or is remembered by one node alone.
  test('attack 8: of 50 simultaneous posts of one answer to two nodes exactly one passes', async () => {
    const { agent, right, evil } = await generous(await store())
    const replies = await storm(() => agent.post('/login').send(right))
    expect(tally(replies)).toEqual({ through: 1, replayed: 49 })
    expect(evil.requests.filter(({ path }) => path === '/validate.php')).toHaveLength(1)
  })

  test('attack 8: of 50 posts that all arrive while the cloud is slow to judge the first, exactly one passes', async () => {
    const agent = twoNodes({ ...credentials(simulator), store: await store() })
    const right = await solve(agent, simulator)
    await simulator.fault('slow', { endpoint: 'validate', delay: 300 })
    expect(tally(await storm(() => agent.post('/login').send(right)))).toEqual({ through: 1, replayed: 49 })
  })

  test('attack 8: an answer that goes to the guard and to POST /validate at once passes at one of them', async () => {
    const { agent, right } = await generous(await store())
    const paths = ['/login', '/validate']
    const replies = await storm((i) =>
      agent
        .post(String(paths[i % 2]))
        .accept('json')
        .send(right),
    )
    const validated = replies.filter(({ body }) => body.result === 'success').length
    expect(replies.filter(({ body }) => body.ok === true).length + validated).toBe(1)
    // The rest of what POST /validate may have left: one request, and no more.
    expect(through(await storm(() => agent.post('/login')))).toBe(validated)
  })

  test('attack 8: one challenge, signed under 50 different tails of the slide, passes once', async () => {
    const { agent, challenge } = await generous(await store())
    const tails = (i: number) => `${challenge}${(i + 36).toString(36).padStart(2, '0')}`
    const replies = await storm((i) => agent.post('/login').send(fields(tails(i), signValidate(tails(i), 'k'))))
    expect(tally(replies)).toEqual({ through: 1, replayed: 49 })
  })

  test('attack 8: a downtime answer, posted 50 times at once to two nodes, passes once', async () => {
    const { agent, right } = await inDowntime(await store())
    expect(tally(await storm(() => agent.post('/login').send(right)))).toEqual({ through: 1, replayed: 49 })
  })

  test('attack 8: a pass, spent 50 times at once at two nodes, opens once', async () => {
    const { agent, right } = await generous(await store())
    await agent.post('/validate').send(right).expect(200, 'success')
    expect(tally(await storm(() => agent.post('/login')))).toEqual({ through: 1, missing: 49 })
  })

  // Falls when: a ticket that is put back, because nobody could judge it, can be had twice.
  test('attack 8: an answer that is put back in the middle of a storm still passes once', async () => {
    const { agent, right, evil } = await generous(await store())
    const { validate } = evil
    let left = 3
    evil.validate = (res, params, req) => {
      // The look that a loss brings about is nobody's answer.
      const fails = params.get('seccode') === right.geetest_seccode && left-- > 0
      return fails ? res.writeHead(500).end() : validate(res, params, req)
    }
    const replies = []
    for (let i = 0; i < 5; i++) replies.push(...(await storm(() => agent.post('/login').send(right), 20)))
    expect(tally(replies)).toMatchObject({ through: 1, unavailable: 3 })
  })

  // Falls when: a success, a refusal or a wrong signature leaves the ticket in place.
  test.each<[string, (right: AnswerFields) => AnswerFields, string]>([
    ['was right', (right) => right, 'through'],
    ['was signed wrongly', (right) => ({ ...right, geetest_validate: '0'.repeat(32) }), 'bad_signature'],
    ['the cloud refused', (right) => ({ ...right, geetest_seccode: `${right.geetest_validate}|x` }), 'rejected'],
    ['came under a longer challenge', (right) => fields(`${right.geetest_challenge}abc`, 'x'), 'unknown_challenge'],
  ])('attack 9: after an answer that %s, its challenge is worth nothing', async (_, first, outcome) => {
    const agent = twoNodes({ ...credentials(simulator), store: await store() })
    const right = await solve(agent, simulator)
    expect(tally([await agent.post('/login').send(first(right))])).toEqual({ [outcome]: 1 })
    const tailed = `${right.geetest_challenge}a7`
    const again = [right, first(right), fields(tailed, signValidate(tailed, simulator.privateKey))]
    for (const replay of again) {
      expect((await agent.post('/login').send(replay).expect(403)).body.code).toBe('replayed')
      await agent.post('/validate').accept('json').send(replay).expect(200, { result: 'fail', code: 'replayed' })
    }
  })

  test('attack 9: an answer does not come back in other cases, types or places', async () => {
    const { agent, right } = await generous(await store())
    await agent.post('/validate').send(right).expect(200, 'success')
    await agent.post('/login').expect(200)
    const capitals = Object.fromEntries(Object.entries(right).map(([name, value]) => [name, value.toUpperCase()]))
    for (const again of [right, capitals, { ...right, geetest_challenge: ` ${right.geetest_challenge}` }]) {
      for (const type of ['json', 'form'])
        expect([400, 403]).toContain((await agent.post('/login').type(type).send(again)).status)
    }
    await agent
      .post('/login')
      .query({ ...right })
      .expect(403)
  })

  test('attack 9: a downtime answer passes once, and a wrong one uses its challenge up', async () => {
    const first = await inDowntime(await store())
    await first.agent.post('/login').send(first.right).expect(200)
    expect((await first.agent.post('/login').send(first.right).expect(403)).body.code).toBe('replayed')
    const second = await inDowntime(await store())
    await second.agent
      .post('/login')
      .send({ ...second.right, geetest_validate: '0' })
      .expect(403)
    expect((await second.agent.post('/login').send(second.right).expect(403)).body.code).toBe('replayed')
  })
})

// Falls when: the time at which a record is forgotten is earlier than that at which its answer stops being good.
test('attack 9: an answer that was spent does not become good again as its time runs out', async () => {
  let time = Date.now()
  const { app } = site(credentials(simulator), { now: () => time })
  app.use(errorsAsJson)
  const agent: Agent = visitor(app)
  const right = await solve(agent, simulator)
  await agent.post('/login').send(right).expect(200)
  for (const ms of [599_999, 1, 300_000, 3_600_000]) {
    time += ms
    await agent.post('/login').send(right).expect(403)
  }
})
