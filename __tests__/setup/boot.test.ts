/** @express4 addresses */
import request from 'supertest'
import { geetest, MemoryStore, type GeetestOptions } from '../../lib'
import { cloud, credentials, site } from '../support/site'

const OWN = { captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'kept-secret' }
const PUBLISHED = 'b46d1900d0a894591916ea94ea91bd2c'

describe('against a real cloud, geetest() refuses', () => {
  test.each<[Partial<GeetestOptions>, RegExp]>([
    [{ captchaId: PUBLISHED }, /captchaId is b46d1900d0a894591916ea94ea91bd2c, which is published.*write the one/],
    ...[
      PUBLISHED.toUpperCase(),
      '7c25da6fe21944cfe507d2f9876775a9',
      '48a6ebac4ebc6642d68c217fca33eb4d',
      '647f5ed2ed8acb4be36784e01556bb71',
    ].map((captchaId): [object, RegExp] => [{ captchaId }, /published/]),
    [
      { captchaId: '0'.repeat(32) },
      /captchaId is 0{32}, a placeholder.*write the one that the vendor made for your site/,
    ],
    ...['your_private_key', '<private-key>', 'privateKey', 'my-key', 'xxxx', 'changeme', '你的私钥', '...'].map(
      (privateKey): [object, RegExp] => [{ privateKey }, /privateKey is a placeholder; write the one/],
    ),
  ])('%j', (options, words) => {
    expect(() => geetest({ ...OWN, ...options })).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(words) }),
    )
  })

  test.each([
    { captchaId: `${'0'.repeat(31)}1` },
    { captchaId: `1${'0'.repeat(31)}` },
    { privateKey: 'secretary' },
    { privateKey: 'keyboard' },
    { privateKey: 'not-a-key-of-mine' },
    { privateKey: 'a<b>' },
  ])('not what only looks like it: %j', (options) => {
    expect(() => geetest({ ...OWN, ...options }).close()).not.toThrow()
  })

  test('nothing of the kind with a simulator', () => {
    const options = { captchaId: PUBLISHED, privateKey: 'changeme', apiServer: 'http://127.0.0.1:7001' }
    expect(() => geetest(options).close()).not.toThrow()
  })
})

describe('trust proxy: true', () => {
  test.each([
    ['GET', '/getcaptcha'],
    ['POST', '/validate'],
    ['POST', '/login'],
  ] as const)('beside address budgets answers 500 at %s %s, and says what to write', async (method, path) => {
    const { app } = site(credentials(await cloud()))
    app.set('trust proxy', true)
    const agent = request(app)
    const { body } = await (method === 'GET' ? agent.get(path) : agent.post(path)).expect(500)
    expect(body).toEqual({ code: 'trust_proxy', message: expect.stringMatching(/set\('trust proxy', 'loopback'\)/) })
  })

  test.each([
    ['loopback', undefined],
    [1, undefined],
    [true, false],
  ] as const)('%j with budgets %j is fine', async (trust, budgets) => {
    const { app } = site({ ...credentials(await cloud()), budgets })
    app.set('trust proxy', trust)
    await request(app).get('/getcaptcha').expect(200)
  })
})

describe('the memory store in production', () => {
  const { NODE_ENV } = process.env
  beforeAll(() => {
    process.env.NODE_ENV = 'production'
  })
  afterAll(() => {
    process.env.NODE_ENV = NODE_ENV
  })

  test('warns once with a stable code, and not where it was chosen by name', () => {
    const warnings: unknown[] = []
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation((text, options) => {
      warnings.push([text, options])
    })
    geetest({ ...OWN, store: new MemoryStore() }).close()
    expect(warnings).toEqual([])
    geetest(OWN).close()
    geetest(OWN).close()
    emitWarning.mockRestore()
    expect(warnings).toEqual([
      [
        'captchas are kept in this process alone: with a second process, or after a restart, visitors have to solve them ' +
          'again. Write store: new RedisStore(client) for several processes, or store: new MemoryStore() if there is one.',
        { type: 'GeetestWarning', code: 'GEETEST_MEMORY_STORE' },
      ],
    ])
  })
})
