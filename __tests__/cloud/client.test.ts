import { create } from 'axios'
import { GeetestClient } from '../../lib'
import { faults, type Simulator } from '../../lib/simulator'
import { DEADLINE, outwait, passDeadline, stopTimers } from '../support/deadlines'
import { cloud, credentials } from '../support/site'
import { until } from '../support/world'

stopTimers()

describe('GeetestClient', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })
  afterEach(() => simulator.fault('none'))
  const client = (options = {}) => new GeetestClient({ ...credentials(simulator), timeout: DEADLINE, ...options })

  /** A registered challenge and its three right values. */
  async function solved(options = {}) {
    const ours = client(options)
    const { response } = await ours.register()
    const { geetest_challenge, geetest_validate, geetest_seccode } = simulator.answer(response.challenge)
    return { ours, values: [geetest_challenge, geetest_validate, geetest_seccode] as const }
  }

  test('registers: status 1, and what goes to the page', async () => {
    const { status, response } = await client({ newCaptcha: false }).register({ userId: 'u1' })
    expect(status).toBe(1)
    expect(response).toEqual({
      success: 1,
      gt: simulator.captchaId,
      challenge: expect.stringMatching(/^[0-9a-f]{32}$/),
      new_captcha: false,
    })
  })

  test.each(['md5', 'sha256', 'hmac-sha256'])('passes a right answer under %s', async (digest) => {
    const { ours, values } = await solved({ digest })
    expect(await ours.successValidate(...values)).toBe('ok')
  })

  test('refuses what the cloud refuses: a second time, say', async () => {
    const { ours, values } = await solved()
    await ours.successValidate(...values)
    expect(await ours.successValidate(...values)).toBe('refused')
  })

  test('refuses a wrong validate without asking the cloud', async () => {
    const { ours, values } = await solved()
    simulator.forget()
    expect(await ours.successValidate(values[0], 'f'.repeat(32), values[2])).toBe('refused')
    expect(simulator.calls).toEqual([])
  })

  test.each([undefined, null, 1, [], '', '  ', 'x'.repeat(5000)])(
    'refuses %p for a value, and never throws',
    async (bad) => {
      const ours = client()
      expect(await ours.successValidate(bad as never, bad as never, bad as never)).toBe('refused')
      expect(ours.failValidate(bad as never, bad as never, bad as never)).toBe(false)
    },
  )

  test.each(faults)('says unavailable, and neither passes nor refuses, when validate.php meets %s', async (fault) => {
    const { ours, values } = await solved()
    await simulator.fault(fault, { endpoint: 'validate', delay: 2 * DEADLINE })
    const said = await outwait(simulator, fault, () => ours.successValidate(...values))
    expect(said).toBe('unavailable')
  })

  test('falls back to status 0 and a local challenge when the cloud is away', async () => {
    await simulator.fault('refuse')
    const { status, response } = await client().register()
    expect(status).toBe(0)
    expect(response).toMatchObject({ success: 0, challenge: expect.stringMatching(/^[0-9a-f]{34}$/) })
  })

  test('never repeats a local challenge', async () => {
    await simulator.fault('refuse')
    const registered = await Promise.all(Array.from({ length: 200 }, () => client().register()))
    expect(new Set(registered.map(({ response }) => response.challenge)).size).toBe(200)
  })

  test('sends through an axios instance of one’s own, interceptors and all', async () => {
    const http = create()
    http.interceptors.request.use((config) => {
      config.headers.set('X-Tenant', 'blue')
      return config
    })
    const { status } = await client({ http }).register()
    expect(status).toBe(1)
  })

  test('takes settings for its own axios instance', async () => {
    const http = { proxy: { host: '127.0.0.1', port: Number(new URL(simulator.url).port) } }
    const ours = client({ apiServer: 'http://geetest.invalid', allowInsecure: true, http })
    expect((await ours.register()).status).toBe(1)
  })

  test('ends at its deadline though an interceptor waits for ever', async () => {
    const http = create()
    http.interceptors.request.use(() => new Promise<never>(() => undefined))
    const registered = client({ http, timeout: 50 }).register()
    await until(() => jest.getTimerCount() > 0)
    passDeadline()
    expect((await registered).status).toBe(0)
  })

  test('asks the cloud no more than 256 times at once', async () => {
    await simulator.fault('slow', { endpoint: 'register', delay: 200 })
    const ours = client({ timeout: 30_000 })
    const registered = await Promise.all(Array.from({ length: 300 }, () => ours.register()))
    expect(registered.filter(({ status }) => status === 1)).toHaveLength(256)
  })

  test('reads no proxy from the environment', async () => {
    process.env.HTTP_PROXY = 'http://127.0.0.1:9'
    const { status } = await client({ http: { proxy: undefined } }).register()
    delete process.env.HTTP_PROXY
    expect(status).toBe(1)
  })

  test('follows no redirect, not even to a place that would say yes', async () => {
    const { ours, values } = await solved({ http: create({ maxRedirects: 5 }) })
    await simulator.fault('redirect', { endpoint: 'validate' })
    simulator.forget()
    expect(await ours.successValidate(...values)).toBe('unavailable')
    expect(simulator.calls.map(({ path }) => path)).toEqual(['/validate.php'])
  })
})
