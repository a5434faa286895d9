import type { GuardOptions } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, errorsAsJson, site, solve, visitor, type Agent } from '../support/site'
import { storm, through } from './support/storm'

/** What a browser says of a request that a stranger's page made it send. */
const STRANGERS: [string, Record<string, string>][] = [
  ['a form of another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
  ['a link of another site', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }],
  ['a redirect through another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' }],
  ['a page that claims to be this one', { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://127.0.0.1' }],
  ['an old browser’s form', { Origin: 'https://evil.example' }],
  ['a file', { Origin: 'file://' }],
  ['an extension', { Origin: 'chrome-extension://abcdefghijklmnop' }],
  ['a host that begins like this one', { Origin: 'http://127.0.0.1.evil.example' }],
  ['a host that ends like this one', { Origin: 'http://evil127.0.0.1' }],
  ['a user named like this host', { Origin: 'http://127.0.0.1@evil.example' }],
  ['a path named like this host', { Origin: 'http://evil.example/127.0.0.1' }],
  ['two origins', { Origin: 'http://127.0.0.1, https://evil.example' }],
  ['no address at all', { Origin: '127.0.0.1' }],
  ['nothing', { Origin: '' }],
  ['a proxy that nobody trusts', { Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' }],
]

/** What may be a stranger's page as well as one of the site's own, for all that the browser says. */
const UNKNOWN: typeof STRANGERS = [
  ['a sandboxed frame', { Origin: 'null' }],
  ['a page without referrer', { Origin: 'null', 'Sec-Fetch-Mode': 'navigate' }],
]

describe('a stranger’s page', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  /** A visitor who has solved a captcha, and whose browser a stranger can make send requests. */
  async function victim(guard: GuardOptions, path: '/login' | '/validate', origins?: string[]): Promise<Agent> {
    const { app, captcha } = site({ ...credentials(simulator), origins }, {}, guard)
    app.get('/verdict', (req, res, next) => void captcha.verify(req).then((verdict) => res.json(verdict), next))
    app.get('/guarded', captcha.validate(guard), (_req, res) => void res.json({})).use(errorsAsJson)
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await agent.post(path).send(answer).expect(200)
    return agent
  }

  // Falls when: what the browser adds by itself, the cookie, is enough to spend what it holds.
  describe.each<[string, GuardOptions, '/login' | '/validate', number]>([
    ['a pass', {}, '/validate', 1],
    ['the uses of a guard', { uses: 3 }, '/login', 2],
  ])('%s', (_, guard, path, worth) => {
    const all = [
      STRANGERS.map(([what, headers]) => [what, headers, 'missing'] as const),
      UNKNOWN.map(([what, headers]) => [what, headers, 'origin_unknown'] as const),
    ]
    test.each(all.flat())('attack 24: is not spent by %s, and stays for its owner', async (_, headers, code) => {
      const agent = await victim(guard, path)
      const replies = await storm(() => agent.post('/login').set(headers), 5)
      expect(new Set(replies.map(({ body }) => body.code))).toEqual(new Set([code]))
      await agent.get('/guarded').set(headers).expect(403)
      expect((await agent.get('/verdict').set(headers)).body).toEqual({ ok: false, code })
      expect(through(await storm(() => agent.post('/login').set('Sec-Fetch-Site', 'same-origin'), 5))).toBe(worth)
    })
  })

  test.each([
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://www.app.example.com',
    'https://APP.example.com',
    'https://app.example.com/',
    'app.example.com',
  ])('attack 24: of an origin that only looks like one that is named spends nothing: %s', async (origin) => {
    const agent = await victim({}, '/validate', ['https://app.example.com'])
    await agent.post('/login').set({ Origin: origin, 'Sec-Fetch-Site': 'cross-site' }).expect(403)
    await agent.post('/login').set({ Origin: 'https://app.example.com', 'Sec-Fetch-Site': 'cross-site' }).expect(200)
  })

  test.each(['*', 'null', 'app.example.com', 'https://app.example.com/', '', true])(
    'attack 24: cannot be named by the option so loosely as %j',
    (origin) => {
      for (const origins of [[origin], origin]) {
        expect(() => site({ ...credentials(simulator), origins: origins as never })).toThrow(/origins/)
      }
    },
  )

  // Falls when: an answer is good in whatever session it is posted.
  test('attack 24: cannot log a visitor in with an answer that the stranger solved', async () => {
    const { app } = site(credentials(simulator))
    const strangers = await solve(visitor(app), simulator)
    const agent = visitor(app)
    await agent.get('/getcaptcha')
    const reply = await agent
      .post('/login')
      .set('Sec-Fetch-Site', 'cross-site')
      .type('form')
      .send(strangers)
      .expect(403)
    expect(reply.body.code).toBe('session_mismatch')
  })

  test('attack 24: cannot have a pass left in a visitor’s session', async () => {
    const { app } = site(credentials(simulator))
    const agent = visitor(app)
    await agent.get('/getcaptcha')
    const answer = await solve(visitor(app), simulator)
    await agent.post('/validate').set('Sec-Fetch-Site', 'cross-site').type('form').send(answer).expect(200, 'fail')
    await agent.post('/login').expect(403)
  })

  // Falls when: JSON is read from a body that a form of any page can send.
  test('attack 24: cannot pass off a plain-text form as JSON', async () => {
    const agent = await victim({}, '/validate')
    const smuggled = JSON.stringify({ username: 'stranger', a: '=' })
    const reply = await agent.post('/login').set('Sec-Fetch-Site', 'cross-site').type('text/plain').send(smuggled)
    expect([reply.status, reply.body.code]).toEqual([403, 'missing'])
  })

  // Falls when: an answer of these routes can be read from elsewhere.
  test('attack 24: can read neither a challenge nor a verdict', async () => {
    const agent = await victim({}, '/validate')
    const from = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    const replies = [
      await agent.get('/getcaptcha').set(from),
      await agent.post('/validate').set(from).send({}),
      await agent.options('/validate').set({ ...from, 'Access-Control-Request-Method': 'POST' }),
    ]
    for (const { headers } of replies) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })
})
