/** @express4 Express’s own last words */
import { AxiosError, create } from 'axios'
import { GeetestClient, MemoryStore, type AxiosLike, type GeetestOptions, type TicketStore } from '../../lib'
import { sha256 } from '../../lib/digest'
import { faults, type AnswerFields, type Endpoint, type Fault } from '../../lib/simulator'
import { credentials, visitor, type Agent } from '../support/site'
import { sized } from '../support/size'
import { work } from '../support/work'
import { answer, ears, forged, metrics, overhear, secret, simulator, site, times, visit } from './support/overheard'

/** Deadline of a call to a cloud that keeps its callers waiting, in milliseconds. */
const TIMEOUT = 100
const LATE = { delay: 2 * TIMEOUT }

overhear()

// Falls when: an error, an event, a metric or a log line carries what it was about.
describe('the private key, every validate and every seccode stay in', () => {
  test('attack 26: under load, honest and forged', async () => {
    const { app, captcha } = site()
    for (let round = 0; round < sized(5); round++) await times(8, () => visit(app))
    ears.look('captcha', captcha)
    ears.look('health', await captcha.health())
    ears.look('metrics', await metrics.metrics())
    for (const where of ['events', 'channels', 'errors', 'req.geetest', 'verdicts', 'issues', 'health', 'metrics'])
      expect(ears.heard(where)).toBeGreaterThan(0)
    expect(ears.leaks()).toEqual([])
  })

  test('attack 26: under load in downtime', async () => {
    const { app, captcha } = site({ budgets: { issues: 100, failures: 30 } })
    captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
    for (let round = 0; round < sized(4); round++) await times(8, () => visit(app))
    ears.look('captcha', captcha)
    expect(ears.leaks()).toEqual([])
  })

  const everyFault = faults.flatMap((fault) => [[fault, 'register'] as const, [fault, 'validate'] as const])
  const possible = everyFault.filter(
    ([fault, endpoint]) => endpoint === 'validate' || (fault !== 'wrong-digest' && fault !== 'uppercase'),
  )
  test.each<readonly [Fault, Endpoint]>(possible)(
    'attack 26: when the cloud fails by %s at %s',
    async (fault, endpoint) => {
      const { app, captcha } = site({ timeout: TIMEOUT })
      await simulator.fault(fault, { endpoint, ...LATE })
      await times(2, () => visit(app))
      ears.look('captcha', captcha)
      ears.look('status', captcha.status)
      ears.look('health', await captcha.health())
      ears.look('settings', captcha.settings)
      expect(ears.leaks()).toEqual([])
    },
  )

  const failing = (act: (record: unknown) => never | Promise<never>): TicketStore => {
    const inner = new MemoryStore()
    let calls = 0
    const perhaps = <T>(given: unknown, real: () => T): T | Promise<never> => (++calls % 3 === 0 ? act(given) : real())
    return {
      put: (id, record, ttl, network) => perhaps({ id, record }, () => inner.put(id, record, ttl, network)),
      take: (id) => perhaps({ id }, () => inner.take(id)),
    }
  }
  const complain = (given: unknown): Error => Object.assign(new Error(JSON.stringify(given)), { given })
  test.each([
    [
      'throws',
      failing((given) => {
        throw complain(given)
      }),
    ],
    ['rejects', failing((given) => Promise.reject(complain(given)))],
  ])('attack 26: when a store %s with all that it was told', async (_, store) => {
    const { app, captcha } = site({ store })
    await times(8, () => visit(app))
    for (let i = 0; i < 3; i++) ears.look('health', await captcha.health())
    expect(ears.leaks()).toEqual([])
  })

  const fail = (what: string) => (value: unknown) => {
    ears.look(what, value)
    throw Object.assign(new Error(what), { value })
  }
  test.each<[string, () => Partial<GeetestOptions>]>([
    ['onEvent throws the event', () => ({ onEvent: fail('events') })],
    ['onEvent rejects with the event', () => ({ onEvent: async (event) => fail('events')(event) })],
    ['onDeny throws the error', () => ({ onDeny: fail('errors') })],
    ['userId throws', () => ({ userId: () => fail('userId')(undefined) })],
    ['clientType throws', () => ({ clientType: () => fail('clientType')(undefined) })],
  ])('attack 26: when %s', async (_, options) => {
    const { app } = site(options())
    await times(2, () => visit(app))
    expect(ears.leaks()).toEqual([])
  })

  /** Errors that carry the request, as axios' own do: headers, address and form, with the seccode in it. */
  function talkative(): AxiosLike {
    const http = create()
    http.interceptors.response.use((response) => {
      throw new AxiosError(
        `answered ${JSON.stringify(response.config)}`,
        'OWN',
        response.config,
        response.request,
        response,
      )
    })
    return http
  }
  test.each<[string, AxiosLike]>([
    ['throws errors with the request in them', talkative()],
    [
      'throws them at once',
      {
        request(config) {
          throw Object.assign(new Error(JSON.stringify(config)), { config })
        },
      },
    ],
    [
      'answers with the request',
      { request: (config) => Promise.resolve({ status: 200, data: JSON.stringify(config) }) },
    ],
  ])('attack 26: when an axios instance of the user’s own %s', async (_, http) => {
    const { app, captcha } = site({ http })
    await times(4, () => visit(app))
    const client = new GeetestClient({ ...credentials(simulator), http })
    const honest = await answer(visitor(site().app))
    const { geetest_challenge, geetest_validate, geetest_seccode } = honest
    ears.look('client', await client.successValidate(geetest_challenge, geetest_validate, geetest_seccode))
    ears.look('client', await client.register())
    ears.look('client', client)
    ears.look('captcha', captcha)
    expect(ears.leaks()).toEqual([])
  })
})

describe('events, metrics and health say nothing of who the visitor is', () => {
  const ADDRESS = '203.0.113.77'
  const LABEL = 'account-4711'

  test.each(['up', 'down'] as const)('attack 26: while the cloud is %s', async (mode) => {
    const { app, captcha } = site({ userId: () => LABEL, budgets: { issues: 3 } })
    app.set('trust proxy', 'loopback')
    captcha.force({ mode, reason: 'test', seconds: 600 })
    ears.keep('captcha id', simulator.captchaId)
    ears.keep('label', LABEL)
    ears.keep('address', ADDRESS)
    for (let i = 0; i < 3; i++) {
      const agent = visitor(app)
      agent.set('X-Forwarded-For', ADDRESS)
      const reply = await agent.get('/getcaptcha').expect(200)
      const { challenge, success } = reply.body
      const id = decodeURIComponent(String(reply.headers['set-cookie'])).slice('connect.sid=s:'.length).split('.')[0]
      ears.keep('challenge', String(challenge).slice(0, 32))
      ears.keep('session', String(id), sha256(String(id)).slice(0, 32))
      const fields = secret(success === 1 ? simulator.answer(challenge) : work(challenge))
      await agent.post('/login').send(fields).expect(200)
      await agent.post('/login').send(fields)
    }
    const { status } = await visitor(app).get('/getcaptcha').set('X-Forwarded-For', ADDRESS)
    expect(status).toBe(mode === 'up' ? 200 : 429)
    ears.look('health', await captcha.health())
    ears.look('metrics', await metrics.metrics())
    for (const where of ['events', 'channels', 'health', 'metrics']) expect(ears.heard(where)).toBeGreaterThan(0)
    // The handler alone learns whom it is about.
    expect(ears.leaks().filter((leak) => leak !== 'label in req.geetest')).toEqual([])
  })
})

describe('what is answered says nothing of it either', () => {
  /** Posts to every door, and listens to all that is answered. */
  async function post(agent: Agent, fields: object): Promise<void> {
    for (const path of ['/logged', '/login', '/validate']) {
      for (const type of ['json', 'form']) {
        const { text, headers } = await agent.post(path).type(type).accept('json').send(fields)
        ears.look('replies', [text, headers])
      }
    }
  }

  // Falls when: what was wrong with an answer is told by showing it.
  test.each<[string, (right: AnswerFields) => object]>([
    ['a right one', (right) => right],
    ['a wrong seccode', (right) => ({ ...right, geetest_seccode: `${right.geetest_validate}|other` })],
    ['a wrong challenge', (right) => ({ ...right, geetest_challenge: 'c'.repeat(32) })],
    ['a malformed one', (right) => ({ ...right, geetest_challenge: [] })],
    ['half of one', ({ geetest_validate, geetest_seccode }) => ({ geetest_validate, geetest_seccode })],
  ])('attack 26: are in nothing that is said about an answer: %s', async (_, change) => {
    const agent = visitor(site().app)
    await post(agent, change(await answer(agent)))
    expect(ears.leaks()).toEqual([])
  })

  // Falls when: the words of a parser, which quote the body, are passed on.
  test('attack 26: are in nothing that is said about a body that cannot be parsed', async () => {
    const agent = visitor(site().app)
    const right = await answer(agent)
    const whole = JSON.stringify(right)
    for (const broken of [`${whole}}`, whole.slice(0, -1), `"${right.geetest_validate}`]) {
      for (const path of ['/logged', '/validate'])
        ears.look('replies', (await agent.post(path).type('json').send(broken)).text)
    }
    expect(ears.leaks()).toEqual([])
  })

  // Falls when: what somebody else threw, who was told the secrets, is passed on.
  test('attack 26: are in nothing that is said about a store, a provider or an HTTP client that fails', async () => {
    const memory = new MemoryStore()
    const store: TicketStore = { put: (...a) => memory.put(...a), take: () => Promise.reject(new Error('lost')) }
    const withStore = visitor(site({ store }).app)
    await post(withStore, await answer(withStore))

    const http = {
      request: (config: object) =>
        Promise.reject(Object.assign(new Error(JSON.stringify(config)), { config, key: simulator.privateKey })),
    }
    ears.look('replies', (await visitor(site({ http }).app).get('/getcaptcha')).text)

    const verify = ({ validate, seccode }: { validate: string; seccode: string }): never => {
      throw new Error(`${validate} ${seccode} ${simulator.privateKey}`)
    }
    const { app, captcha } = site({ downtime: { name: 'own', issue: () => '-x', verify } })
    captcha.force({ mode: 'down', reason: 'test', seconds: 60 })
    const agent = visitor(app)
    const { body } = await agent.get('/getcaptcha')
    await post(agent, forged({ geetest_challenge: body.challenge, geetest_validate: '', geetest_seccode: '' }))
    expect(ears.leaks()).toEqual([])
  })
})
