/** @express5 what Express itself says is heard in attacks/redaction */
import { randomBytes } from 'node:crypto'
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { AxiosError, create } from 'axios'
import express from 'express'
import client, { Registry } from 'prom-client'
import {
  channelNames,
  geetest,
  GeetestClient,
  GeetestError,
  MemoryStore,
  proofOfWork,
  reasons,
  type AxiosLike,
  type GeetestOptions,
  type TicketStore,
} from '../../lib'
import { sha256 } from '../../lib/digest'
import { collect } from '../../lib/prometheus'
import {
  createSimulator,
  faults,
  type AnswerFields,
  type Endpoint,
  type Fault,
  type Simulator,
} from '../../lib/simulator'
import { prickEars, textsOf, type Ears } from '../support/ears'
import { cloud, credentials, ending, sessions, visitor, type Agent } from '../support/site'
import { work } from '../support/work'

// Many logins a test, and machines that are busy.
jest.setTimeout(60_000)

/** Deadline of a call to a cloud that keeps its callers waiting, in milliseconds. */
const TIMEOUT = 100
const LATE = { delay: 2 * TIMEOUT }

let simulator: Simulator
let ears: Ears
let metrics: Registry
let stopCollecting: () => void
const overhear = (event: unknown): void => ears.look('channels', event)
beforeAll(async () => {
  simulator = await cloud()
})
beforeEach(() => {
  ears = prickEars()
  ears.keep('private key', simulator.privateKey)
  metrics = new Registry()
  stopCollecting = collect(client, { register: metrics })
  for (const name of Object.values(channelNames)) subscribe(name, overhear)
})
afterEach(async () => {
  for (const name of Object.values(channelNames)) unsubscribe(name, overhear)
  stopCollecting()
  ears.stop()
  await simulator.fault('none')
})

/** A site that shows to the ears whatever it gets from the plugin. */
function site(options: Partial<GeetestOptions> = {}) {
  const captcha = geetest({
    ...credentials(simulator),
    // Whatever a busy machine makes of the cloud, nobody has to work long.
    downtime: proofOfWork({ ...credentials(simulator), hashes: 4 }),
    timeout: 10_000,
    onEvent: (event) => ears.look('events', event),
    ...options,
  })
  ending(captcha)
  const app = express().use(sessions(), captcha)
  app.post('/login', captcha.validate({ uses: 2 }), (req, res) => {
    ears.look('req.geetest', req.geetest)
    res.json(req.geetest)
  })
  app.post('/verify', (req, res, next) => {
    captcha.verify(req).then((verdict) => {
      ears.look('verdicts', verdict)
      res.json(verdict)
    }, next)
  })
  app.get('/page', (req, res, next) => {
    captcha.issue(req).then((issue) => {
      ears.look('issues', issue)
      res.json(issue)
    }, next)
  })
  const look: express.ErrorRequestHandler = (error, _req, res, _next) => {
    ears.look('errors', error)
    res.status(error.status ?? 500).json({ code: error.code })
  }
  app.use(look)
  return { app, captcha }
}

const NOTHING: AnswerFields = { geetest_challenge: '', geetest_validate: '', geetest_seccode: '' }

/** Whatever is sent is secret, right or wrong. */
function secret(fields: AnswerFields): AnswerFields {
  ears.keep('validate', fields.geetest_validate)
  ears.keep('seccode', fields.geetest_seccode)
  return fields
}

function forged(fields: AnswerFields): AnswerFields {
  const validate = randomBytes(16).toString('hex')
  return secret({ ...fields, geetest_validate: validate, geetest_seccode: `${validate}|jordan` })
}

const unsigned = (fields: AnswerFields): AnswerFields =>
  secret({ ...fields, geetest_seccode: `${randomBytes(16).toString('hex')}|jordan` })

/** Fetches a challenge and answers it by what it asks for: the cloud's puzzle, or work. */
async function answer(agent: Agent, path = '/getcaptcha'): Promise<AnswerFields> {
  const { body } = await agent.get(path)
  // A store that fails gives out nothing.
  if (body.challenge === undefined) return forged({ ...NOTHING, geetest_challenge: randomBytes(16).toString('hex') })
  return secret(body.success === 1 ? simulator.answer(body.challenge) : work(body.challenge))
}

/** One visitor who logs in honestly, again with the same answer, and with forgeries. */
async function visit(app: express.Express): Promise<void> {
  const agent = visitor(app)
  const honest = await answer(agent)
  await agent.post('/login').send(honest)
  await agent.post('/login').send(honest)
  await agent.post('/login').send(forged(await answer(agent, '/page')))
  await agent.post('/verify').send(unsigned(await answer(agent)))
  await agent
    .post('/validate')
    .accept('json')
    .send(await answer(agent))
  await agent.post('/login').send({})
  await agent.post('/login').send({ ...forged(honest), geetest_challenge: ['x'] })
  await agent.post('/login').type('json').send('{"geetest_seccode": "')
}

const times = (count: number, act: () => Promise<void>): Promise<void[]> =>
  Promise.all(Array.from({ length: count }, act))

describe('the private key, every validate and every seccode stay in', () => {
  test('under load, honest and forged', async () => {
    const { app, captcha } = site()
    for (let round = 0; round < 5; round++) await times(8, () => visit(app))
    ears.look('captcha', captcha)
    ears.look('health', await captcha.health())
    ears.look('metrics', await metrics.metrics())
    for (const where of ['events', 'channels', 'errors', 'req.geetest', 'verdicts', 'issues', 'health', 'metrics'])
      expect(ears.heard(where)).toBeGreaterThan(0)
    expect(ears.leaks()).toEqual([])
  })

  test('under load in downtime', async () => {
    const { app, captcha } = site({ budgets: { issues: 100, failures: 30 } })
    captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
    for (let round = 0; round < 4; round++) await times(8, () => visit(app))
    ears.look('captcha', captcha)
    expect(ears.leaks()).toEqual([])
  })

  const everyFault = faults.flatMap((fault) => [[fault, 'register'] as const, [fault, 'validate'] as const])
  const possible = everyFault.filter(
    ([fault, endpoint]) => endpoint === 'validate' || (fault !== 'wrong-digest' && fault !== 'uppercase'),
  )
  test.each<readonly [Fault, Endpoint]>(possible)('when the cloud fails by %s at %s', async (fault, endpoint) => {
    const { app, captcha } = site({ timeout: TIMEOUT })
    await simulator.fault(fault, { endpoint, ...LATE })
    await times(4, () => visit(app))
    ears.look('captcha', captcha)
    ears.look('status', captcha.status)
    ears.look('health', await captcha.health())
    ears.look('settings', captcha.settings)
    expect(ears.leaks()).toEqual([])
  })

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
  ])('when a store %s with all that it was told', async (_, store) => {
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
  ])('when %s', async (_, options) => {
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
  ])('when an axios instance of the user’s own %s', async (_, http) => {
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

  test.each(['up', 'down'] as const)('while the cloud is %s', async (mode) => {
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

describe('nothing that is handed out shows a secret when it is inspected or put into JSON:', () => {
  const all: [string, () => unknown][] = [
    ['the plugin', () => geetest(credentials(simulator))],
    ['an app that uses it', () => express().use(geetest(credentials(simulator)))],
    ['its guard', () => geetest(credentials(simulator)).validate()],
    ['the client', () => new GeetestClient(credentials(simulator))],
    ['a downtime provider', () => proofOfWork(credentials(simulator))],
    ['what the package exports', () => ({ geetest, GeetestClient, GeetestError, MemoryStore, proofOfWork })],
    ['every error', () => reasons.map((reason) => GeetestError.because(reason, 1))],
    ['a simulator that runs', () => simulator],
    ['a simulator that does not', () => createSimulator({ ...credentials(simulator) })],
    ['a copy of a simulator', () => Object.assign({}, simulator)],
    ['a simulator inside something else', () => ({ cloud: [simulator] })],
    ['a simulator’s account', () => createSimulator({ accounts: { ['0'.repeat(32)]: simulator.privateKey } })],
  ]
  test.each(all)('%s', async (what, make) => {
    await visit(site().app)
    ears.look(what, make())
    expect(ears.heard(what)).toBeGreaterThan(0)
    expect(ears.leaks()).toEqual([])
  })

  test('a store that is full of tickets and passes', async () => {
    const store = new MemoryStore()
    await visit(site({ store }).app)
    ears.look('store', store)
    expect(store.size).toBeGreaterThan(0)
    expect(ears.leaks()).toEqual([])
  })
})

describe('a mistake at construction does not show the private key where', () => {
  const key = 'kept-secret-0123456789'
  const id = '0123456789abcdef0123456789abcdef'
  test.each<[string, () => unknown]>([
    ['it and the id have changed places', () => geetest({ captchaId: key, privateKey: id })],
    ['it has blanks around it', () => geetest({ captchaId: id, privateKey: ` ${key} ` })],
    ['it stands under another name', () => geetest({ captchaId: id, private_key: key } as never)],
    ['it is in an array', () => geetest({ captchaId: id, privateKey: [key] } as never)],
    ['another option is wrong', () => new GeetestClient({ captchaId: id, privateKey: key, timeout: 1 })],
    ['the work factor is wrong', () => proofOfWork({ privateKey: key, hashes: 0 })],
  ])('%s', (_, make) => {
    ears.keep('private key', key)
    expect(() => {
      try {
        make()
      } catch (error) {
        ears.look('errors', error)
        throw error
      }
    }).toThrow(GeetestError)
    expect(ears.leaks()).toEqual([])
  })
})

describe('a simulator', () => {
  test('gives its key and its calls to whoever asks for them by name', async () => {
    await visit(site().app)
    const { privateKey, calls } = simulator
    expect(privateKey).toMatch(/^[0-9a-f]{32}$/)
    expect(calls.length).toBeGreaterThan(0)
  })

  test('says its address when it is inspected or put into JSON, and that it has none before its start', () => {
    expect(textsOf(simulator).every((text) => text.includes(simulator.url))).toBe(true)
    const idle = createSimulator()
    for (const text of textsOf(idle)) expect(text).toContain(idle.captchaId)
  })
})

// What finds nothing proves nothing: each way out is tried with a secret.
describe('a secret is found', () => {
  beforeEach(() => ears.keep('password', 'swordfish'))
  const hidden = Object.defineProperty(new Error('hidden'), 'config', {
    value: { deep: { data: 'swordfish' } },
    enumerable: false,
  })
  test.each<[string, () => unknown]>([
    ['stdout', () => process.stdout.write('swordfish\n')],
    ['stderr', () => process.stderr.write(Buffer.from('swordfish\n'))],
    ['console', () => console.error(hidden)],
    ['warnings', () => process.emitWarning('swordfish', { code: 'TEST' })],
    ['channels', () => channel(channelNames.order).publish({ type: 'order', scene: 'x', reason: 'swordfish' })],
    ['events', () => ears.look('events', { type: 'x', list: Array(500).fill('x').concat('swordfish') })],
    ['errors', () => ears.look('errors', new Error('wrapped', { cause: new Error('swordfish') }))],
    [
      'objects',
      () =>
        ears.look(
          'objects',
          Object.assign(() => undefined, { [Symbol('s')]: 'swordfish' }),
        ),
    ],
  ])('in %s', (where, leak) => {
    leak()
    expect(ears.leaks()).toEqual([`password in ${where}`])
  })
})
