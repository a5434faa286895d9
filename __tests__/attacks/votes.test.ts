import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { closeSync, mkdtempSync, open as openFile, openSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { Agent as SecureAgent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import request from 'supertest'
import type { GeetestOptions } from '../../lib'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { site4 } from '../support/site-v4'
import { eventually, fakeWorld, until } from '../support/world'
import { evilCloud } from './support/evil-cloud'
import { pass } from './support/staged-cloud'

const times = <T>(count: number, act: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => act(i))
const code = (name: string): Error => Object.assign(new Error(name), { code: name })

/** What an HTTP client says whose machine has nothing left to send with. */
const USED_UP: [string, () => Error][] = [
  ...['EMFILE', 'ENFILE', 'EAGAIN', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'].map((name): [string, () => Error] => [
    name,
    () => code(name),
  ]),
  ['EMFILE for each of two addresses', () => new AggregateError([code('EMFILE'), code('EMFILE')])],
  ['EMFILE, wrapped', () => Object.assign(new Error('failed', { cause: code('EMFILE') }), { code: 'ERR_NETWORK' })],
]

// Falls when: what this machine has run out of counts as a failure of the cloud.
test.each(USED_UP)('attack 34: %s is no outage, and visitors are asked to wait', async (_, error) => {
  const http = { request: () => Promise.reject(error()) }
  const world = fakeWorld()
  const { app, captcha } = site({ captchaId: 'a'.repeat(32), privateKey: 'k', http, downtime: 'allow' }, world)
  for (let i = 0; i < 6; i++) {
    const { body, headers } = await request(app).get('/getcaptcha').expect(429)
    expect([body.code, headers['retry-after']]).toEqual(['unavailable', '1'])
    await pass(world, 1_000)
  }
  expect(captcha.status.mode).toBe('up')
})

// Falls when: a refusal by the cloud's own machine is taken for trouble of ours.
test.each<[string, () => Error]>([
  ['ECONNREFUSED', () => code('ECONNREFUSED')],
  [
    'one address that refuses, and one of a family that we do not have',
    () => new AggregateError([code('ECONNREFUSED'), code('EADDRNOTAVAIL')]),
  ],
  ['ENOTFOUND', () => code('ENOTFOUND')],
])('attack 34: %s is one', async (_, error) => {
  const http = { request: () => Promise.reject(error()) }
  const { app, captcha } = site({ captchaId: 'a'.repeat(32), privateKey: 'k', http }, fakeWorld())
  for (let i = 0; i < 3; i++) await request(app).get('/getcaptcha').expect(200)
  expect(captcha.status).toMatchObject({ mode: 'down', cause: 'network' })
})

describe('a cloud that asks us to come less often', () => {
  /** Calls that were put off are made again while their visitors may wait: their clock goes on until they are answered. */
  async function outlast<T>(world: ReturnType<typeof fakeWorld>, ask: PromiseLike<T>): Promise<T> {
    const state = { over: false }
    const reply = Promise.resolve(ask).finally(() => {
      state.over = true
    })
    await until(() => {
      if (!state.over) world.advance(500)
      return state.over
    })
    return reply
  }

  // Falls when: 429 counts as a failure, or Retry-After is not read, or is believed without a limit.
  test.each<[number | string, string]>([
    [7, '7'],
    [0, '1'],
    [86_400, '60'],
    ['Thu, 01 Jan 1970 00:00:00 GMT', '1'],
    ['Fri, 31 Dec 9999 23:59:59 GMT', '60'],
    ['soon', '1'],
  ])(
    'attack 34: Retry-After %j is no outage: visitors wait %s s and are given nothing easier',
    async (retryAfter, seconds) => {
      const simulator = await cloud()
      const world = fakeWorld()
      const { app, captcha } = site({ ...credentials(simulator), downtime: 'allow' }, world)
      await simulator.fault('429', { retryAfter })
      for (let i = 0; i < 6; i++) {
        const { body, headers } = await outlast(world, request(app).get('/getcaptcha').expect(429))
        expect([body.code, headers['retry-after']]).toEqual(['unavailable', seconds])
      }
      expect(captcha.status.mode).toBe('up')
    },
  )

  test('attack 34: burns no answer', async () => {
    const simulator = await cloud()
    const world = fakeWorld()
    const { app, captcha } = site({ ...credentials(simulator), downtime: 'allow' }, world)
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await simulator.fault('429', { endpoint: 'validate', retryAfter: 5 })
    for (let i = 0; i < 6; i++) {
      const { body, headers } = await outlast(world, agent.post('/login').send(answer).expect(429))
      expect([body.code, headers['retry-after']]).toEqual(['unavailable', '5'])
    }
    await simulator.fault('none')
    await outlast(world, agent.post('/login').send(answer).expect(200))
    await agent.post('/login').send(answer).expect(403)
    expect(captcha.status.mode).toBe('up')
  })

  test('attack 34: of version 4 neither', async () => {
    const simulator = await cloud()
    const world = fakeWorld()
    const { app, captcha } = site4(simulator, { downtime: 'allow' }, world)
    const agent = visitor(app)
    const answer = simulator.answerV4()
    await simulator.fault('429', { endpoint: 'validate4', retryAfter: 5 })
    for (let i = 0; i < 4; i++) {
      expect((await outlast(world, agent.post('/login').send(answer).expect(429))).body.code).toBe('unavailable')
      expect((await outlast(world, agent.get('/getcaptcha').expect(429))).headers['retry-after']).toBe('5')
    }
    await simulator.fault('none')
    await outlast(world, agent.post('/login').send(answer).expect(200))
    expect(captcha.status.mode).toBe('up')
  })

  test('attack 34: is heard through an axios of the site’s own too', async () => {
    const headers = { get: (name: string) => (name.toLowerCase() === 'retry-after' ? '9' : undefined) }
    const http = { request: () => Promise.resolve({ status: 429, data: '', headers }) }
    const world = fakeWorld()
    const { app } = site({ captchaId: 'a'.repeat(32), privateKey: 'k', http }, world)
    expect((await outlast(world, request(app).get('/getcaptcha').expect(429))).headers['retry-after']).toBe('9')
  })
})

describe('what a visitor sends', () => {
  // Falls when: a loss of a visitor's call is a vote, however the cloud answers what no visitor has a say in.
  test('attack 34: on which the cloud fails, though it refuses anybody else, is no outage', async () => {
    const evil = await evilCloud({
      validate: (res, params) =>
        /^0+\|/.test(String(params.get('seccode'))) ? res.end('false') : res.writeHead(500).end(),
    })
    const world = fakeWorld()
    const { app, captcha } = site(evil.credentials, world)
    const agent = visitor(app)
    for (let i = 0; i < 8; i++) {
      const { body } = await agent.get('/getcaptcha').expect(200)
      expect(body.success).toBe(1)
      await agent.post('/login').send(evil.answer(body.challenge)).expect(503)
      await pass(world, 1_000)
    }
    expect(captcha.status.mode).toBe('up')
  })

  test('attack 34: of version 4, too', async () => {
    const isNobodys = (params: Record<string, string>) => /^0+$/.test(params.lot_number ?? '')
    const http = {
      request: (config: object) => {
        const params = Object.fromEntries(new URLSearchParams((config as { data: string }).data))
        const refused = JSON.stringify({
          status: 'success',
          result: 'fail',
          reason: 'pass_token error',
          captcha_args: {},
        })
        return Promise.resolve(isNobodys(params) ? { status: 200, data: refused } : { status: 500, data: '' })
      },
    }
    const world = fakeWorld()
    const { app, captcha } = site({ captchaId: 'a'.repeat(32), privateKey: 'k', version: 4, http }, world)
    const agent = visitor(app)
    await agent.get('/getcaptcha').expect(200)
    for (let i = 0; i < 8; i++) {
      const lot = `${i + 1}`.repeat(32)
      const junk = { lot_number: lot, captcha_output: 'x', pass_token: 'x', gen_time: '1' }
      await agent.post('/login').send(junk).expect(503)
      await pass(world, 1_000)
    }
    expect(captcha.status.mode).toBe('up')
  })

  // Falls when: what follows the validate in a seccode is the visitor's to choose.
  test.each([
    (validate: string) => `${validate}|${'x'.repeat(33)}`,
    (validate: string) => `${validate}|../../etc/passwd`,
    (validate: string) => `${validate}|a|b`,
    (validate: string) => `${validate}x`,
    (validate: string) => `|jordan${validate}`,
    () => 'choke',
  ])('attack 34: as a seccode that no widget makes never reaches the cloud: %#', async (make) => {
    const simulator = await cloud()
    const agent = visitor(site(credentials(simulator)).app)
    const right = await solve(agent, simulator)
    simulator.forget()
    const odd = { ...right, geetest_seccode: make(right.geetest_validate) }
    expect((await agent.post('/login').send(odd).expect(400)).body.code).toBe('malformed')
    expect(simulator.calls).toEqual([])
  })

  // Falls when: a label as visitors write it shapes the calls that have a vote.
  test('attack 34: as a label that the cloud is told raw shapes no vote', async () => {
    const http = {
      request: (config: object) => {
        const chokes = (config as { url: string }).url.includes('user_id=choke')
        return Promise.resolve(chokes ? { status: 500, data: '' } : { status: 200, data: 'f'.repeat(32) })
      },
    }
    const world = fakeWorld()
    const userId = () => 'choke'
    const options = { captchaId: 'a'.repeat(32), privateKey: 'k', http, userId, sendUserId: 'raw' } as const
    const { app, captcha } = site(options, world)
    for (let i = 0; i < 8; i++) {
      await request(app).get('/getcaptcha').expect(200)
      await pass(world, 1_000)
    }
    expect(captcha.status.mode).toBe('up')
  })
})

describe('a thread pool that the site has filled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'geetest-pool-'))
  const pipe = join(folder, 'pipe')
  beforeAll(() => void execFileSync('mkfifo', [pipe]))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Whoever opens a pipe that nobody writes to waits, and so does the thread that does it. */
  function fill(): () => Promise<void> {
    const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4)
    const waiting = times(
      threads,
      () =>
        new Promise<void>((resolve) =>
          openFile(pipe, 'r', (_, fd) => {
            closeSync(fd)
            resolve()
          }),
        ),
    )
    return async () => {
      const writer = openSync(pipe, 'r+')
      await Promise.all(waiting)
      closeSync(writer)
    }
  }
  const named = (url: string) => url.replace('127.0.0.1', 'localhost')

  // Falls when: a name that is not looked up in time, because the site hashes passwords, counts as a lost call.
  test('attack 34: keeps the name of the cloud from being looked up, and is no outage', async () => {
    const simulator = await cloud()
    const options: GeetestOptions = { ...credentials(simulator), apiServer: named(simulator.url), timeout: 200 }
    const { app, captcha } = site(options)
    const release = fill()
    const replies = await Promise.all(times(5, () => request(app).get('/getcaptcha')))
    expect(replies.map(({ status }) => status)).toEqual(Array(5).fill(429))
    expect(captcha.status.mode).toBe('up')
    await release()
    await eventually(async () => (await request(app).get('/getcaptcha')).body.success === 1)
    const again = fill()
    // The name is known now.
    expect((await request(app).get('/getcaptcha').expect(200)).body.success).toBe(1)
    await again()
  })
})

describe('a loop that the site blocks again and again, over https with a distance of 60 ms', () => {
  let far: ChildProcess
  beforeAll(() => {
    far = fork(join(__dirname, 'support/far-cloud.cjs'))
  })
  afterAll(() => void far.kill())

  // Falls when: the time in which this process did something else is the cloud's.
  test('attack 34: keeps replies from being read, and is no outage', async () => {
    const [url] = (await once(far, 'message')) as [string]
    // A connection for each call, so that each has its handshake.
    const http = { httpsAgent: new SecureAgent({ rejectUnauthorized: false }) }
    // Greeting, request and reply take three turns of the loop; none is so long that a timer rings much too late.
    const options = { captchaId: 'a'.repeat(32), privateKey: 'k', apiServer: url, http, timeout: 250 }
    const { app, captcha } = site(options)
    let blocks = 0
    const blocking = setInterval(() => {
      const end = performance.now() + 150
      while (performance.now() < end) blocks += 1
    }, 1)
    const replies = await Promise.all(times(8, () => request(app).get('/getcaptcha')))
    clearInterval(blocking)
    expect(blocks).toBeGreaterThan(0)
    expect(replies.filter(({ body }) => body.success === 0)).toEqual([])
    expect(captcha.status.mode).toBe('up')
  }, 60_000)
})

// Falls when: a machine that is always late never learns that the cloud is down.
test('attack 34: a real outage is noticed though the site blocks its loop all the time', async () => {
  const evil = await evilCloud({ register: () => undefined })
  const { app, captcha } = site({ ...evil.credentials, timeout: 300 })
  const blocking = setInterval(() => {
    const end = performance.now() + 40
    while (performance.now() < end);
  }, 40)
  const visiting = setInterval(
    () =>
      void request(app)
        .get('/getcaptcha')
        .then(() => undefined),
    200,
  )
  await until(() => captcha.status.mode === 'down')
  clearInterval(blocking)
  clearInterval(visiting)
  expect(captcha.status.cause).toBe('timeout')
}, 60_000)
