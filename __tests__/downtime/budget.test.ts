import type { Effects, GeetestEvent, GeetestOptions } from '../../lib'
import { cloud, credentials, site, visitor } from '../support/site'
import { fakeWorld } from '../support/world'

async function inDowntime(options: Partial<GeetestOptions>, effects?: Partial<Effects>) {
  const simulator = await cloud()
  const events: GeetestEvent[] = []
  const onEvent = (event: GeetestEvent) => void events.push(event)
  const { app, captcha } = site({ ...credentials(simulator), downtime: 'failback', onEvent, ...options }, effects)
  app.set('trust proxy', 'loopback')
  captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
  const agent = visitor(app)
  const get = (address = '192.0.2.1') => agent.get('/getcaptcha').set('X-Forwarded-For', address)
  const guess = (address = '192.0.2.1') =>
    agent
      .post('/login')
      .set('X-Forwarded-For', address)
      .send({ geetest_challenge: 'a'.repeat(34), geetest_validate: 'x', geetest_seccode: 'x' })
  return { simulator, captcha, agent, get, guess, events }
}

/** Statuses of `n` requests, one after another. */
async function statuses(n: number, request: () => PromiseLike<{ status: number }>): Promise<number[]> {
  const seen = []
  for (let i = 0; i < n; i++) seen.push((await request()).status)
  return seen
}

describe('budgets, while the cloud is down', () => {
  test('limit what one address is issued in a minute, and tell it how long to wait', async () => {
    const { get } = await inDowntime({ budgets: { issues: 2 } })
    expect(await statuses(3, get)).toEqual([200, 200, 429])
    const { headers, body } = await get()
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(body.code).toBe('downtime_denied')
  })

  test('let another address go on', async () => {
    const { get } = await inDowntime({ budgets: { issues: 1 } })
    await statuses(2, get)
    expect((await get('192.0.2.2')).status).toBe(200)
  })

  test.each([
    ['/64', '2001:db8:1:2:ffff::b'],
    ['/56', '2001:db8:1:3::a'],
    ['/48', '2001:db8:1:ffff::a'],
  ])('take an IPv6 %s for one customer', async (_, neighbour) => {
    const { get } = await inDowntime({ budgets: { issues: 1 } })
    expect((await get('2001:db8:1:2::a')).status).toBe(200)
    expect((await get(neighbour)).status).toBe(429)
    expect((await get('2001:db8:2:2::a')).status).toBe(200)
  })

  test('begin anew when their minute is over', async () => {
    const world = fakeWorld()
    const { get } = await inDowntime({ budgets: { issues: 1 } }, world)
    expect(await statuses(2, get)).toEqual([200, 429])
    world.advance(59_999)
    expect((await get()).headers['retry-after']).toBe('1')
    world.advance(1)
    expect(await statuses(2, get)).toEqual([200, 429])
  })

  test('limit what all together are issued', async () => {
    const { get } = await inDowntime({ budgets: { totalIssues: 2 } })
    const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
    expect(await statuses(3, () => get(addresses.pop()))).toEqual([200, 200, 429])
  })

  test('limit the wrong answers of one address', async () => {
    const { guess } = await inDowntime({ budgets: { failures: 2 } })
    expect(await statuses(3, guess)).toEqual([403, 403, 429])
    expect((await guess('192.0.2.2')).status).toBe(403)
  })

  test('limit the wrong answers of all together that used up a challenge', async () => {
    const { get, agent } = await inDowntime({ budgets: { totalFailures: 2 } })
    const miss = async (address: string) => {
      const { body } = await get(address)
      const fields = { geetest_challenge: body.challenge, geetest_validate: 'x', geetest_seccode: 'x' }
      return agent.post('/login').set('X-Forwarded-For', address).send(fields)
    }
    const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
    expect(await statuses(3, () => miss(String(addresses.pop())))).toEqual([403, 403, 429])
  })

  test('are not used up for all by junk that costs nothing', async () => {
    const { guess } = await inDowntime({ budgets: { totalFailures: 1 } })
    const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
    expect(await statuses(3, () => guess(addresses.pop()))).toEqual([403, 403, 403])
  })

  test('answer 429 with Retry-After at POST /validate and at a guard alike', async () => {
    const { agent, guess } = await inDowntime({ budgets: { failures: 1 } })
    await guess()
    const fields = { geetest_challenge: 'a'.repeat(34), geetest_validate: 'x', geetest_seccode: 'x' }
    const validate = agent.post('/validate').set('X-Forwarded-For', '192.0.2.1').accept('json').send(fields)
    const { headers } = await validate.expect(429, { result: 'fail', code: 'downtime_denied' })
    expect(headers['retry-after']).toMatch(/^\d+$/)
    const guarded = await guess()
    expect(guarded.body.code).toBe('downtime_denied')
    expect(guarded.headers['retry-after']).toMatch(/^\d+$/)
  })

  test('are events', async () => {
    const { get, guess, events } = await inDowntime({ budgets: { issues: 1, failures: 1 } })
    await statuses(2, get)
    await statuses(2, guess)
    expect(events.filter(({ type }) => type === 'budget')).toEqual([
      { type: 'budget', scene: 'default', act: 'issue', seconds: expect.any(Number) },
      { type: 'budget', scene: 'default', act: 'verify', seconds: expect.any(Number) },
    ])
  })

  test('allow an office of 300 logins a minute behind one address by default', async () => {
    const { get } = await inDowntime({})
    const seen = await statuses(301, get)
    expect(seen.filter((status) => status === 200)).toHaveLength(300)
    expect(seen.at(-1)).toBe(429)
  })

  test('are off with budgets: false', async () => {
    const { get, guess } = await inDowntime({ budgets: false })
    expect(new Set(await statuses(305, get))).toEqual(new Set([200]))
    expect(new Set(await statuses(65, guess))).toEqual(new Set([403]))
  })
})

test('there are no budgets while the cloud is up', async () => {
  const { captcha, get, guess } = await inDowntime({ budgets: { issues: 1, failures: 1 } })
  captcha.force(undefined)
  expect(new Set(await statuses(5, get))).toEqual(new Set([200]))
  expect(new Set(await statuses(5, guess))).toEqual(new Set([403]))
})
