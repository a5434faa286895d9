/** @express5 no part of Express is touched */
import request from 'supertest'
import { MemoryStore, type GeetestOptions } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site } from '../support/site'
import { fakeWorld, until } from '../support/world'

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud()
})
afterEach(() => simulator.fault('none'))

let warned: jest.SpyInstance
beforeEach(() => {
  warned = jest.spyOn(process, 'emitWarning').mockReturnValue()
})
afterEach(() => warned.mockRestore())
/** Code and words of what an operator reads. */
const lines = () => warned.mock.calls.map(([words, as]) => `${(as as { code: string }).code} ${String(words)}`)

function open(options: Partial<GeetestOptions> = {}) {
  const world = fakeWorld()
  return { world, ...site({ ...credentials(simulator), scene: 'login', warnings: true, ...options }, world) }
}

/** Lets the cloud fail for as many visitors as it takes. */
async function lose({ app }: ReturnType<typeof open>) {
  await simulator.fault('500', { endpoint: 'register' })
  for (let i = 0; i < 6; i++) await request(app).get('/getcaptcha').expect(200)
}

async function comeBack({ world, captcha }: ReturnType<typeof open>) {
  await simulator.fault('none')
  while (captcha.status.mode === 'down') {
    const before = simulator.calls.length
    world.advance(6_000)
    await until(() => simulator.calls.length > before)
    await until(() => captcha.status.mode === 'up' || world.waiting > 0)
  }
}

describe('without a listener, the process is warned in one line of', () => {
  test('an outage, with its cause and what visitors get, and of its end, with how long it was', async () => {
    const node = open()
    await lose(node)
    await comeBack(node)
    expect(lines()).toEqual([
      "GEETEST_CLOUD login: the captcha cloud counts as down (status); visitors get downtime: 'proof-of-work' until it is back",
      expect.stringMatching(/^GEETEST_CLOUD login: the captcha cloud counts as up, after \d+ s$/),
    ])
  })

  test('an operator’s order, with the reason', () => {
    const { captcha, world } = open({ downtime: 'deny' })
    captcha.force({ mode: 'down', reason: 'drill', seconds: 60 })
    world.advance(60_000)
    expect(lines()).toEqual([
      "GEETEST_CLOUD login: the captcha cloud counts as down (forced: drill); visitors get downtime: 'deny' until it is back",
      'GEETEST_CLOUD login: the captcha cloud counts as up, after 60 s',
    ])
  })

  test('a store that fails, however often, and of its working again', async () => {
    const store = new MemoryStore()
    const put = store.put.bind(store)
    const { app, world } = open({ store })
    store.put = () => Promise.reject(new Error('OOM\ncommand not allowed')) as never
    for (let i = 0; i < 5; i++) await request(app).get('/getcaptcha').expect(503)
    store.put = put
    await request(app).get('/getcaptcha').expect(200)
    world.advance(12_000)
    await request(app).get('/getcaptcha').expect(200)
    expect(lines()).toEqual([
      'GEETEST_STORE login: the ticket store fails (OOM command not allowed); visitors get 503',
      'GEETEST_STORE login: the ticket store works again, after 12 s',
    ])
  })
})

test('with warnings: false the process is told nothing', async () => {
  const store = new MemoryStore()
  const node = open({ warnings: false, store })
  await lose(node)
  await comeBack(node)
  store.put = () => Promise.reject(new Error('away')) as never
  await request(node.app).get('/getcaptcha').expect(503)
  expect(lines()).toEqual([])
})
