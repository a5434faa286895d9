import { randomBytes } from 'node:crypto'
import { MemoryStore, type GeetestEvent, type GeetestOptions } from '../../lib'
import { site } from '../support/site'
import { SharedStore } from '../support/shared-store'
import { fakeWorld } from '../support/world'

const KEYS = {
  captchaId: '0123456789abcdef0123456789abcdef',
  privateKey: 'fedcba9876543210fedcba9876543210',
  apiServer: 'http://127.0.0.1:9',
}
const settle = async () => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate)
}

let warned: jest.SpyInstance
beforeEach(() => {
  warned = jest.spyOn(process, 'emitWarning').mockReturnValue()
})
afterEach(() => warned.mockRestore())
const lines = () =>
  warned.mock.calls
    .filter(([, as]) => (as as { code: string }).code === 'GEETEST_NODES')
    .map(([words]) => String(words))

/** Nodes of one site: each has a client of its own, and all of them one server. */
function cluster() {
  const world = fakeWorld()
  const server = new SharedStore(world.now)
  const start = (options: Partial<GeetestOptions> = {}, ofStore: object = {}, clock = world.now) => {
    const store = Object.assign(new MemoryStore(), { nodes: server, owner: {}, prefix: 'geetest:', ...ofStore })
    const events: GeetestEvent[] = []
    const onEvent = (event: GeetestEvent) => void events.push(event)
    const { captcha } = site({ ...KEYS, warnings: true, store, onEvent, ...options }, { ...world, now: clock })
    return { captcha, events, nodes: async () => (await captcha.health()).nodes }
  }
  /** Ten seconds, in steps in which every node is heard. */
  const pass = async (seconds = 10) => {
    for (let i = 0; i < seconds; i++) {
      await settle()
      world.advance(1000)
    }
    await settle()
  }
  return { world, server, start, pass }
}

describe('nodes that share a store', () => {
  test('are known to each other, and where they are equal nobody says anything', async () => {
    const { start, pass } = cluster()
    const all = [start(), start(), start()]
    await pass()
    for (const { nodes } of all) expect(await nodes()).toEqual({ seen: 3, differ: [] })
    expect(lines()).toEqual([])
  })

  test.each<[string, Partial<GeetestOptions>, object]>([
    ['key', { privateKey: '0'.repeat(31) + '1' }, {}],
    ['scene', { scene: 'signin' }, {}],
    ['version', { version: 4, apiServer: 'http://127.0.0.1:9' }, {}],
    ['digest', { digest: 'sha256' }, {}],
    ['downtime', { downtime: 'deny' }, {}],
    ['prefix', {}, { prefix: 'other:' }],
  ])('find one of another %s within ten seconds: warning, health and event', async (what, options, ofStore) => {
    const { start, pass } = cluster()
    const all = [start(), start(), start(options, ofStore)]
    await pass()
    for (const { events, nodes } of all) {
      expect(await nodes()).toEqual({ seen: 3, differ: [what] })
      expect(events.filter(({ type }) => type === 'nodes')).toEqual([
        { type: 'nodes', scene: expect.any(String), differ: [what] },
      ])
    }
    expect(lines()).toHaveLength(3)
    expect(lines()[0]).toMatch(
      new RegExp(`^\\w+: the nodes of this site differ in ${what} \\(.* on .*; .* on .*\\): visitors`),
    )
  })

  test('find a clock that is an hour off, and not one that is half a minute off', async () => {
    const { world, start, pass } = cluster()
    const all = [start(), start({}, {}, () => world.now() + 30_000)]
    await pass()
    expect(await all[0]?.nodes()).toEqual({ seen: 2, differ: [] })
    start({}, {}, () => world.now() + 3_600_000)
    await pass()
    expect(await all[0]?.nodes()).toEqual({ seen: 3, differ: ['clock'] })
    expect(lines().join('\n')).toMatch(/\d{4} s ahead on /)
    expect(lines().join('\n')).toMatch(/\d{4} s behind on /)
  })

  test('say once that they are equal again, when the other one has gone', async () => {
    const { start, pass } = cluster()
    const { nodes } = start()
    const other = start({ privateKey: '0'.repeat(31) + '1' })
    await pass()
    other.captcha.close()
    await pass(60)
    expect(await nodes()).toEqual({ seen: 1, differ: [] })
    expect(lines().at(-1)).toBe('default: the nodes of this site are equal again')
  })

  test('are not compared with another site’s, nor where they are not to be', async () => {
    const { start, pass } = cluster()
    const [one] = [start(), start({ scene: 'b', site: 'shop' }), start({ scene: 'c', site: false })]
    start({ captchaId: 'f'.repeat(31) + '0', scene: 'd' })
    await pass()
    expect(await one?.nodes()).toEqual({ seen: 1, differ: [] })
    expect(lines()).toEqual([])
  })

  test('may have several scenes each, as long as all of them have the same', async () => {
    const { start, pass } = cluster()
    const [first, second] = [{ owner: {} }, { owner: {} }]
    const [login] = [start({ scene: 'login' }, first), start({ scene: 'comment' }, first)]
    start({ scene: 'login' }, second)
    start({ scene: 'comment' }, second)
    await pass()
    expect(await login?.nodes()).toEqual({ seen: 2, differ: [] })
  })

  // Falls when: whoever reads the store can find the key, or what is signed under it.
  test('tell nothing by which the key could be found', async () => {
    const { server, start, pass } = cluster()
    const told: string[] = []
    const post = server.post.bind(server)
    server.post = (topic, text, ...more) => {
      told.push(String(text))
      return post(topic, text, ...more)
    }
    start()
    await pass(4)
    expect(told.length).toBeGreaterThan(0)
    for (const text of told) expect(text).not.toContain(KEYS.privateKey.slice(0, 8))
    const [card] = JSON.parse(told[0] as string) as { scenes: Record<string, { key: string }> }[]
    expect(card?.scenes.default?.key).toMatch(/^[0-9a-f]{12}$/)
  })

  test.each([
    '[',
    '{}',
    '[null, 7, {"id":"a"}]',
    `[{"id":"a","name":"x\\u001b[31m","beat":1,"at":1,"package":"1","prefix":"","scenes":{}}]`,
    `[{"id":"a","name":"x","beat":1,"at":1,"package":"1","prefix":"","scenes":{"a\\nb":{"key":"k","version":"3","digest":"md5","downtime":"deny"}}}]`,
  ])('take no other’s word for a node: %s', async (text) => {
    const { server, start, pass } = cluster()
    const { nodes } = start()
    const read = server.read.bind(server)
    server.read = (topic) => (topic.startsWith('nodes:') ? Promise.resolve(text) : read(topic))
    await pass()
    expect(await nodes()).toEqual({ seen: 1, differ: [] })
  })

  test('go on while the store fails or hangs, and meet again behind it', async () => {
    const { server, start, pass } = cluster()
    const { nodes } = start()
    start({ privateKey: randomBytes(16).toString('hex') })
    server.trouble = 'fails'
    await pass()
    expect(await nodes()).toEqual({ seen: 1, differ: [] })
    delete server.trouble
    await pass()
    expect(await nodes()).toEqual({ seen: 2, differ: ['key'] })
  })
})

test('a plugin whose store nobody shares has no nodes', async () => {
  const { captcha } = site({ ...KEYS, store: new MemoryStore() })
  expect(await captcha.health()).not.toHaveProperty('nodes')
})
