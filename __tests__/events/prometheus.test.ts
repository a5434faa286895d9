/** @express5 the app is only what carries the plugins */
import { channel } from 'node:diagnostics_channel'
import express from 'express'
import client, { Registry } from 'prom-client'
import request from 'supertest'
import {
  channelNames,
  MemoryStore,
  reasons,
  type DowntimeProvider,
  type EventType,
  type GeetestOptions,
} from '../../lib'
import { collect, type PromClient } from '../../lib/prometheus'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { work } from '../support/work'
import { fakeWorld, until } from '../support/world'

/** Metrics are of the whole process, where plugins of other tests may still be at work. */
const isOurs = (sample: string): boolean => !sample.includes('scene=') || sample.includes('scene="metrics-')

/** A rule of one's own, that everybody solves. */
const riddle: DowntimeProvider = { name: 'riddle', issue: () => '0', verify: () => true }

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})

let stops: (() => void)[] = []
afterEach(async () => {
  for (const stop of stops) stop()
  stops = []
  client.register.clear()
  await simulator.fault('none')
})

/** Collects into a registry of the test's own, until its end. */
function collecting(register = new Registry()) {
  stops.push(collect(client, { register }))
  /** The samples of one metric as Prometheus reads them: `{scene="metrics-login"} 1`. */
  const samples = async (name: string): Promise<string[]> =>
    (await register.metrics()).split('\n').flatMap((line) => {
      const [, found, rest] = /^([a-z_]+)(.*)$/.exec(line) ?? []
      return found === name && isOurs(String(rest)) ? [String(rest).trim()] : []
    })
  return { register, samples }
}

function open(options: Partial<GeetestOptions> = {}) {
  const world = fakeWorld()
  const { app, captcha } = site({ ...credentials(simulator), scene: 'metrics-login', ...options }, world)
  const down = () => captcha.force({ mode: 'down', reason: 'words of somebody', seconds: 600 })
  return { world, app, captcha, down, agent: visitor(app) }
}

describe('the metrics count', () => {
  test('issues by scene and mode', async () => {
    const { samples } = collecting()
    const { agent, down } = open({ downtime: 'failback' })
    await agent.get('/getcaptcha')
    down()
    for (let i = 0; i < 2; i++) await agent.get('/getcaptcha')
    expect(await samples('geetest_issue_total')).toEqual([
      '{scene="metrics-login",mode="online"} 1',
      '{scene="metrics-login",mode="failback"} 2',
    ])
  })

  test('verdicts by scene, mode and outcome; denials by reason; and replays', async () => {
    const { samples } = collecting()
    const { agent } = open()
    const answer = await solve(agent, simulator)
    for (let i = 0; i < 3; i++) await agent.post('/login').send(answer)
    await agent.post('/login').send({ ...(await solve(agent, simulator)), geetest_validate: 'wrong' })
    await agent.post('/login')
    expect(await samples('geetest_verify_total')).toEqual([
      '{scene="metrics-login",mode="online",outcome="ok"} 1',
      '{scene="metrics-login",mode="none",outcome="replayed"} 2',
      '{scene="metrics-login",mode="online",outcome="bad_signature"} 1',
      '{scene="metrics-login",mode="none",outcome="missing"} 1',
    ])
    expect(await samples('geetest_deny_total')).toEqual([
      '{scene="metrics-login",reason="replayed"} 2',
      '{scene="metrics-login",reason="bad_signature"} 1',
      '{scene="metrics-login",reason="missing"} 1',
    ])
    expect(await samples('geetest_replay_blocked_total')).toEqual(['{scene="metrics-login"} 2'])
  })

  test('calls to the cloud by call and outcome, with their seconds', async () => {
    const { samples } = collecting()
    const { agent, world } = open()
    await simulator.fault('slow', { endpoint: 'register', delay: 200, calls: 1 })
    const before = simulator.calls.length
    const issue = agent.get('/getcaptcha').then(({ body }) => body)
    await until(() => simulator.calls.length > before)
    world.advance(40)
    const { challenge } = await issue
    await agent.post('/login').send(simulator.answer(challenge))
    await simulator.fault('500', { endpoint: 'register' })
    for (let i = 0; i < 3; i++) await agent.get('/getcaptcha')
    world.advance(6_000)
    await until(() => world.waiting > 0)
    expect(await samples('geetest_upstream_seconds_count')).toEqual([
      '{scene="metrics-login",call="register",outcome="ok"} 1',
      '{scene="metrics-login",call="validate",outcome="ok"} 1',
      '{scene="metrics-login",call="register",outcome="status"} 3',
      '{scene="metrics-login",call="probe",outcome="status"} 1',
    ])
    expect(await samples('geetest_upstream_seconds_sum')).toContain(
      '{scene="metrics-login",call="register",outcome="ok"} 0.04',
    )
    const buckets = await samples('geetest_upstream_seconds_bucket')
    expect(buckets).toContain('{le="0.025",scene="metrics-login",call="register",outcome="ok"} 0')
    expect(buckets).toContain('{le="0.05",scene="metrics-login",call="register",outcome="ok"} 1')
  })

  test('the seconds that downtime challenges took, and no others', async () => {
    const { samples } = collecting()
    const { agent, world, down } = open({ downtime: riddle })
    await agent.post('/login').send(await solve(agent, simulator))
    down()
    const { body } = await agent.get('/getcaptcha')
    world.advance(12_000)
    const solved = { geetest_challenge: body.challenge, geetest_validate: 'x', geetest_seccode: 'x' }
    await agent.post('/login').send(solved).expect(200)
    expect(await samples('geetest_downtime_solve_seconds_count')).toEqual(['{scene="metrics-login"} 1'])
    expect(await samples('geetest_downtime_solve_seconds_sum')).toEqual(['{scene="metrics-login"} 12'])
  })

  test('whom an outage lets pass unverified, and whom its budgets tell to wait', async () => {
    const { samples } = collecting()
    const { agent, down } = open({ downtime: 'allow', budgets: { issues: 1, failures: 1 } })
    down()
    const { body } = await agent.get('/getcaptcha').expect(200)
    await agent.post('/login').send(work(body.challenge)).expect(200)
    await agent.get('/getcaptcha').expect(429)
    const unknown = { ...work(body.challenge), geetest_challenge: 'f'.repeat(32) }
    await agent.post('/login').send(unknown).expect(403)
    await agent.post('/login').send(unknown).expect(429)
    expect(await samples('geetest_allowed_total')).toEqual(['{scene="metrics-login"} 1'])
    expect(await samples('geetest_budget_exceeded_total')).toEqual([
      '{scene="metrics-login",act="issue"} 1',
      '{scene="metrics-login",act="verify"} 1',
    ])
    expect(await samples('geetest_deny_total')).toContain('{scene="metrics-login",reason="budget"} 2')
    expect(await samples('geetest_downtime_solve_seconds_count')).toEqual([])
  })

  test('failures of the store', async () => {
    const { samples } = collecting()
    const store = Object.assign(new MemoryStore(), { take: () => Promise.reject(new Error('away')) })
    const { agent } = open({ store })
    await agent.post('/login').expect(503)
    expect(await samples('geetest_store_errors_total')).toEqual(['{scene="metrics-login"} 1'])
    expect(await samples('geetest_deny_total')).toEqual(['{scene="metrics-login",reason="store_error"} 1'])
  })

  test('changes of the mode by cause, and say which mode each scene is in', async () => {
    const { samples } = collecting()
    const [one, other] = [open(), open({ scene: 'metrics-comment' })]
    for (const { agent } of [one, other]) await agent.get('/getcaptcha')
    expect(await samples('geetest_mode')).toEqual(['{scene="metrics-login"} 1', '{scene="metrics-comment"} 1'])

    await simulator.fault('500', { endpoint: 'register' })
    for (let i = 0; i < 3; i++) await one.agent.get('/getcaptcha')
    expect(await samples('geetest_mode')).toEqual(['{scene="metrics-login"} 0', '{scene="metrics-comment"} 1'])

    await simulator.fault('none')
    for (let i = 0; i < 2; i++) {
      one.world.advance(6_000)
      await until(() => one.world.waiting > 0 || one.captcha.status.mode === 'up')
    }
    expect(await samples('geetest_mode')).toEqual(['{scene="metrics-login"} 1', '{scene="metrics-comment"} 1'])
    expect(await samples('geetest_mode_changes_total')).toEqual([
      '{scene="metrics-login",to="down",cause="status"} 1',
      '{scene="metrics-login",to="up",cause="none"} 1',
    ])
  })

  test('orders, without the operator’s words', async () => {
    const { samples, register } = collecting()
    const { captcha, down } = open()
    down()
    captcha.force(undefined)
    expect(await samples('geetest_orders_total')).toEqual([
      '{scene="metrics-login",to="down"} 1',
      '{scene="metrics-login",to="lifted"} 1',
    ])
    expect(await samples('geetest_mode_changes_total')).toEqual([
      '{scene="metrics-login",to="down",cause="forced"} 1',
      '{scene="metrics-login",to="up",cause="none"} 1',
    ])
    expect(await register.metrics()).not.toContain('words of somebody')
  })
})

describe('the metrics', () => {
  test('of a plugin begin at 0 before anything happened, so that a burst before the first scrape can be seen', async () => {
    const { samples } = collecting()
    open()
    expect(await samples('geetest_store_errors_total')).toEqual(['{scene="metrics-login"} 0'])
    expect(await samples('geetest_mode')).toEqual(['{scene="metrics-login"} 1'])
  })

  test('of the workers of a cluster are the worst of each: one that is down is not made up for by others', async () => {
    const workers = await Promise.all(
      ['down', 'up', 'up'].map(async (mode) => {
        const { register } = collecting()
        channel(channelNames.cloud).publish({ type: 'cloud', scene: 'metrics-login', mode, since: 0 })
        const differ = mode === 'down' ? ['key'] : []
        channel(channelNames.nodes).publish({ type: 'nodes', scene: 'metrics-login', differ })
        const metrics = await register.getMetricsAsJSON()
        stops.pop()?.()
        return metrics
      }),
    )
    const text = await client.AggregatorRegistry.aggregate(workers).metrics()
    expect(text).toContain('geetest_mode{scene="metrics-login"} 0')
    expect(text).toContain('geetest_nodes_differ{scene="metrics-login",what="key"} 1')
    expect(text).toContain('geetest_nodes_differ{scene="metrics-login",what="scene"} 0')
  })
})

describe('labels take few values, whatever an event says:', () => {
  const any = 'x'.repeat(40)
  test.each<[EventType, object, string, string]>([
    ['issue', { mode: any }, 'geetest_issue_total', '{scene="metrics-login",mode="custom"} 1'],
    [
      'verify',
      { mode: any, outcome: any },
      'geetest_verify_total',
      '{scene="metrics-login",mode="custom",outcome="other"} 1',
    ],
    ['verify', { outcome: any }, 'geetest_deny_total', '{scene="metrics-login",reason="other"} 1'],
    ['budget', { act: any }, 'geetest_budget_exceeded_total', '{scene="metrics-login",act="other"} 1'],
    [
      'cloud',
      { mode: any, cause: any },
      'geetest_mode_changes_total',
      '{scene="metrics-login",to="other",cause="other"} 1',
    ],
    ['order', { mode: any }, 'geetest_orders_total', '{scene="metrics-login",to="other"} 1'],
    [
      'upstream',
      { call: any, outcome: any, seconds: 1 },
      'geetest_upstream_seconds_count',
      '{scene="metrics-login",call="other",outcome="other"} 1',
    ],
  ])('%s %j', async (type, words, name, sample) => {
    const { samples } = collecting()
    channel(channelNames[type]).publish({ type, scene: 'metrics-login', ...words })
    expect(await samples(name)).toEqual([sample])
  })

  test('every reason by its own name', async () => {
    const { samples } = collecting()
    for (const outcome of reasons)
      channel(channelNames.verify).publish({ type: 'verify', scene: 'metrics-login', outcome })
    expect(await samples('geetest_deny_total')).toEqual(
      reasons.map((reason) => `{scene="metrics-login",reason="${reason}"} 1`),
    )
  })

  test('a provider of one’s own is one mode', async () => {
    const { samples } = collecting()
    const { agent, down } = open({ downtime: riddle })
    down()
    await agent.get('/getcaptcha').expect(200)
    expect(await samples('geetest_issue_total')).toEqual(['{scene="metrics-login",mode="custom"} 1'])
  })
})

describe('collect()', () => {
  test('uses prom-client’s own registry unless it is given another', async () => {
    stops.push(collect(client))
    await open().agent.get('/getcaptcha')
    expect(await client.register.metrics()).toContain('geetest_issue_total{scene="metrics-login",mode="online"} 1')
  })

  test('leaves prom-client’s own registry alone where it is given another', async () => {
    const { samples } = collecting()
    await open().agent.get('/getcaptcha')
    expect(await samples('geetest_issue_total')).toHaveLength(1)
    expect(await client.register.metrics()).not.toContain('geetest')
  })

  test('collects into several registries at once', async () => {
    const [one, other] = [collecting(), collecting()]
    await open().agent.get('/getcaptcha')
    for (const { samples } of [one, other]) expect(await samples('geetest_issue_total')).toHaveLength(1)
  })

  test('counts nothing any more once it is ended', async () => {
    const register = new Registry()
    const stop = collect(client, { register })
    stop()
    await open().agent.get('/getcaptcha')
    expect(await register.metrics()).not.toContain('geetest_issue_total{')
  })

  test('refuses a registry that has these metrics already', () => {
    const { register } = collecting()
    expect(() => collect(client, { register })).toThrow(/geetest_issue_total has already been registered/)
  })

  test('serves its metrics at a route as README writes it', async () => {
    const { register } = collecting()
    const { app } = open()
    app.get('/metrics', (_req, res, next) => {
      register.metrics().then((text) => res.type(register.contentType).send(text), next)
    })
    await request(app).get('/getcaptcha')
    const { text } = await request(app)
      .get('/metrics')
      .expect(200)
      .expect('Content-Type', /text\/plain/)
    expect(text).toContain('# TYPE geetest_issue_total counter')
  })

  test.each<[unknown, object | undefined, RegExp]>([
    [
      undefined,
      undefined,
      /collect\(client\) got something else than prom-client; write import client from 'prom-client'/,
    ],
    [{ register: {} }, undefined, /something else than prom-client/],
    [{ ...client, register: undefined }, undefined, /something else than prom-client/],
    [client, { register: {} }, /option register is of type object; write a registry of prom-client/],
    [client, { registry: new Registry() }, /there is no option "registry"; did you mean register\?/],
  ])('refuses what it cannot use: %#', (given, options, message) => {
    expect(() => collect(given as PromClient, options)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(message) }),
    )
  })

  test('makes a warning of a metric that throws, and costs no visitor the answer', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const { agent } = open()
    class Broken {
      inc(): void {
        throw new Error('broken counter')
      }
    }
    stops.push(collect({ ...client, Counter: Broken }, { register: new Registry() }))
    await agent.get('/getcaptcha').expect(200)
    expect(warn.mock.calls.map(String).join()).toMatch(/express-geetest\/prometheus failed on issue.*broken counter/)
    warn.mockRestore()
  })
})

// So that what is measured is what a user's app has: two plugins of different scenes, one registry.
test('several plugins in one app are told apart by their scene alone', async () => {
  const { samples } = collecting()
  const app = express()
  for (const scene of ['login', 'comment']) app.use(`/${scene}`, open({ scene: `metrics-${scene}` }).app)
  await request(app).get('/login/getcaptcha').expect(200)
  await request(app).get('/comment/getcaptcha').expect(200)
  expect(await samples('geetest_issue_total')).toEqual([
    '{scene="metrics-login",mode="online"} 1',
    '{scene="metrics-comment",mode="online"} 1',
  ])
})
