/** @express5 the app is only what carries the plugin */
import { execFileSync } from 'node:child_process'
import { Channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { join } from 'node:path'
import { channelNames, MemoryStore, type EventType, type GeetestEvent, type GeetestOptions } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import { work } from '../support/work'
import { fakeWorld, until } from '../support/world'

/** Channels belong to the whole process, where plugins of other tests may still be at work. */
const SCENES = ['channels-login', 'channels-comment']
const isOurs = (event?: GeetestEvent): boolean => SCENES.includes(String(event?.scene))

const types = Object.keys(channelNames) as EventType[]

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})

let stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops) stop()
  stops = []
})

/** Listens to these channels until the end of the test; what arrives, in order, with the channel's name. */
function listen(heard: readonly EventType[] = types) {
  const told: { name: string | symbol; event: GeetestEvent }[] = []
  const listener = (event: unknown, name: string | symbol) => {
    if (isOurs(event as GeetestEvent)) told.push({ name, event: event as GeetestEvent })
  }
  for (const type of heard) {
    subscribe(channelNames[type], listener)
    stops.push(() => unsubscribe(channelNames[type], listener))
  }
  return told
}

/** A store that fails once it is told to. */
class Failing extends MemoryStore {
  fails = false
  override take(id: string) {
    if (this.fails) throw new Error('away')
    return super.take(id)
  }
}

/** Everything that there is an event of. */
async function live(options: Partial<GeetestOptions> = {}): Promise<void> {
  const store = new Failing()
  const settings: GeetestOptions = {
    ...credentials(simulator),
    scene: 'channels-login',
    store,
    downtime: 'allow',
    budgets: { issues: 1 },
  }
  const { app, captcha } = site({ ...settings, ...options })
  const agent = visitor(app)
  await agent.post('/login').send(await solve(agent, simulator))
  captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
  const { body } = await agent.get('/getcaptcha').expect(200)
  await agent.post('/login').send(work(body.challenge))
  await agent.get('/getcaptcha').expect(429)
  store.fails = true
  await agent.post('/login').expect(503)
  await short({ ...settings, ...options })
  await differ({ ...settings, ...options })
}

/** A node that meets another of another prefix. */
async function differ(settings: GeetestOptions): Promise<void> {
  const other = { id: 'other', name: 'web:1', beat: 1, at: 0, package: '0', prefix: 'other:', scenes: {} }
  const nodes = { read: () => Promise.resolve(JSON.stringify([other])), post: () => Promise.resolve(true) }
  const { captcha } = site({ ...settings, store: Object.assign(new MemoryStore(), { nodes }) }, fakeWorld())
  for (;;) {
    const { nodes: seen } = await captcha.health()
    if (seen?.differ.includes('prefix')) break
    await new Promise(setImmediate)
  }
  captcha.close()
}

/** A cloud that gets too many calls, until a visitor is told to wait. */
async function short(settings: GeetestOptions): Promise<void> {
  const world = fakeWorld()
  const agent = visitor(site({ ...settings, store: new MemoryStore() }, world).app)
  await simulator.fault('429', { endpoint: 'register' })
  let told: number | undefined
  void agent.get('/getcaptcha').then(({ status }) => {
    told = status
  })
  await until(() => {
    world.advance(1000)
    return told !== undefined
  })
  expect(told).toBe(429)
  world.advance(1000)
  await simulator.fault('none')
}

test('every event is published on the channel of its type, and is the one that onEvent is told', async () => {
  const published = listen()
  const told: GeetestEvent[] = []
  await live({ onEvent: (event) => void told.push(event) })
  expect(new Set(told.map(({ type }) => type))).toEqual(new Set(types))
  expect(published.map(({ name }) => name)).toEqual(told.map(({ type }) => `express-geetest:${type}`))
  for (const [i, event] of told.entries()) expect(published[i]?.event).toBe(event)
})

test('events are published where there is no onEvent', async () => {
  const published = listen()
  await live()
  expect(new Set(published.map(({ event }) => event.type))).toEqual(new Set(types))
})

test('events of several scenes are told apart by their scene', async () => {
  const published = listen(['issue'])
  for (const scene of SCENES) {
    const { app } = site({ ...credentials(simulator), scene })
    await visitor(app).get('/getcaptcha').expect(200)
  }
  expect(published.map(({ event }) => event.scene)).toEqual(SCENES)
})

describe('nothing is made to be published', () => {
  const publish = jest.spyOn(Channel.prototype, 'publish')
  /** What reached a channel of ours, whoever listened; a channel that somebody listens to is of another class. */
  const made = () =>
    publish.mock.calls.flatMap(([event], i) =>
      isOurs(event as GeetestEvent) ? String((publish.mock.contexts[i] as Channel).name) : [],
    )
  beforeEach(() => publish.mockClear())
  afterAll(() => publish.mockRestore())

  test('where nobody listens', async () => {
    await live()
    expect(made()).toEqual([])
  })

  test('of another type than somebody listens to', async () => {
    const published = listen(['verify'])
    await live()
    expect(published.length).toBeGreaterThan(0)
    expect(made()).toEqual([])
  })

  test('but for all types where there is an onEvent: so this can fail', async () => {
    await live({ onEvent: () => undefined })
    expect(new Set(made())).toEqual(new Set(Object.values(channelNames)))
  })
})

test('a subscriber that throws costs no visitor the answer, and leaves the other subscribers theirs', () => {
  // Node hands what a subscriber throws to the process as an uncaught exception, so this needs a process of its own.
  const script = `
    import { subscribe } from 'node:diagnostics_channel'
    import express from 'express'
    import session from 'express-session'
    import request from 'supertest'
    import { channelNames, geetest } from 'express-geetest'
    import { createSimulator } from 'express-geetest/simulator'

    const uncaught = []
    process.on('uncaughtException', (error) => uncaught.push(error.message))
    const heard = []
    for (const name of Object.values(channelNames)) {
      subscribe(name, ({ type }) => { throw new Error(type) })
      subscribe(name, ({ type }) => heard.push(type))
    }

    const simulator = createSimulator()
    await simulator.start()
    const { captchaId, privateKey, url } = simulator
    const captcha = geetest({ captchaId, privateKey, apiServer: url })
    const app = express().use(session({ secret: 'test', resave: false, saveUninitialized: false }), captcha)
    app.post('/login', captcha.validate(), (req, res) => res.json(req.geetest.ok))
    const agent = request.agent(app)
    const { body } = await agent.get('/getcaptcha')
    const { status } = await agent.post('/login').send(simulator.answer(body.challenge))
    await simulator.stop()
    console.log(JSON.stringify({ status, heard, uncaught }))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  })
  const heard = ['upstream', 'issue', 'upstream', 'verify']
  expect(JSON.parse(output)).toEqual({ status: 200, heard, uncaught: heard })
})
