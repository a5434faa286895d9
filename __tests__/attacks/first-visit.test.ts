/** @express4 sessions */
import express, { type Express } from 'express'
import request, { type Response } from 'supertest'
import { geetest, MemoryStore } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, ending, errorsAsJson, sessions, site } from '../support/site'
import { fakeWorld } from '../support/world'

const OTHER = { captchaId: 'd'.repeat(32), privateKey: 'other-key' }

let simulator: Simulator
beforeAll(async () => {
  simulator = await cloud({ accounts: { [OTHER.captchaId]: OTHER.privateKey } })
})

/** What a browser keeps: of each name the cookie that was set last. */
class Browser {
  readonly jar = new Map<string, string>()

  keep({ headers }: Pick<Response, 'headers'>): void {
    for (const set of [headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      this.jar.set(name, value)
    }
  }

  get words(): [name: string, value: string][] {
    return [...this.jar].filter(([name]) => name.startsWith('geetest_'))
  }

  get cookies(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** All at once: none has the cookies of another's answer. */
  async load(app: Express, paths: readonly string[]): Promise<string[]> {
    const { cookies } = this
    const replies = await Promise.all(
      paths.map((path) =>
        request(app)
          .get(path)
          .set(cookies ? { Cookie: cookies } : {})
          .expect(200),
      ),
    )
    for (const reply of replies) this.keep(reply)
    return replies.map(({ body }) => body.challenge)
  }

  async post(app: Express, challenge: string, path = '/login'): Promise<string> {
    const fields = simulator.answer(challenge)
    const { status, body } = await request(app).post(path).set('Cookie', this.cookies).send(fields)
    return status === 200 ? 'through' : body.code
  }

  without(name: RegExp): this {
    for (const key of this.jar.keys()) if (name.test(key)) this.jar.delete(key)
    return this
  }
}

const THREE = ['/getcaptcha', '/getcaptcha', '/getcaptcha']
const app = () => site(credentials(simulator)).app

describe('a page that asks for three challenges at once, as somebody’s first', () => {
  test('attack 47: is answered as well as any other, once each', async () => {
    const page = app()
    const browser = new Browser()
    const challenges = await browser.load(page, THREE)
    for (const challenge of challenges) expect(await browser.post(page, challenge)).toBe('through')
    for (const challenge of challenges) expect(await browser.post(page, challenge)).toBe('replayed')
  })

  test('attack 47: is answered as well where its widgets are of two captcha ids', async () => {
    const page = express().use(sessions())
    const mobile = ending(geetest({ ...credentials(simulator), ...OTHER }))
    const desktop = ending(geetest(credentials(simulator)))
    page.use('/mobile', mobile).use(desktop)
    page.post('/login', desktop.validate(), (req, res) => void res.json(req.geetest))
    page.post('/mobile/login', mobile.validate(), (req, res) => void res.json(req.geetest))
    page.use(errorsAsJson)
    for (const paths of [
      ['/getcaptcha', '/getcaptcha', '/mobile/getcaptcha'],
      ['/mobile/getcaptcha', '/getcaptcha', '/getcaptcha'],
    ]) {
      const browser = new Browser()
      const challenges = await browser.load(page, paths)
      for (const [i, challenge] of challenges.entries()) {
        const path = paths[i] === '/mobile/getcaptcha' ? '/mobile/login' : '/login'
        expect(await browser.post(page, challenge, path)).toBe('through')
      }
    }
  })

  test('attack 47: is answered as well in an outage, and where the browser brings the cookie of a session that is gone', async () => {
    const { app: page, captcha } = site({ ...credentials(simulator), downtime: 'allow', budgets: false })
    captcha.force({ mode: 'down', reason: 'drill', seconds: 60 })
    const browser = new Browser()
    browser.jar.set('connect.sid', 's%3Agone.AAAA')
    const challenges = await browser.load(page, THREE)
    for (const challenge of challenges) {
      const fields = { geetest_challenge: challenge, geetest_validate: '1', geetest_seccode: '1|jordan' }
      await request(page).post('/login').set('Cookie', browser.cookies).send(fields).expect(200)
    }
  })
})

// Falls when: anything but what this browser alone was sent makes a session another's sibling.
describe('somebody else, at the same address, with the same browser, in the same second', () => {
  test('attack 47: gets nothing of it', async () => {
    const page = app()
    const [victim, thief] = [new Browser(), new Browser()]
    const [challenges] = await Promise.all([victim.load(page, THREE), thief.load(page, THREE)])
    for (const challenge of challenges) expect(await thief.post(page, challenge)).toBe('session_mismatch')
  })

  test.each<[string, (word: string) => string]>([
    ['the word for another session', (word) => word],
    ['a word of its own making', () => `${Date.now().toString(36)}.${'A'.repeat(22)}`],
    ['a word without a signature', (word) => String(word.split('.')[0])],
    ['an empty word', () => ''],
  ])('attack 47: gets nothing by %s', async (_, make) => {
    const page = app()
    const [victim, thief] = [new Browser(), new Browser()]
    const [first = ''] = await victim.load(page, THREE)
    await thief.load(page, THREE)
    const own = thief.words[0]?.[1] ?? ''
    for (const [name] of victim.words) thief.jar.set(name, make(own))
    expect(await thief.post(page, first)).toBe('session_mismatch')
  })

  test('attack 47: gets nothing by the word of a plugin with another key', async () => {
    const page = app()
    const other = site({ ...credentials(simulator), ...OTHER, store: new MemoryStore() }).app
    const [victim, thief] = [new Browser(), new Browser()]
    const [first = ''] = await victim.load(page, THREE)
    await thief.load(other, THREE)
    expect(await thief.post(page, first)).toBe('session_mismatch')
  })
})

// Falls when: a word outlives the session that it was given with, or the page that it was given to.
test('attack 47: nothing of a first visit is carried over into a session that a login has begun', async () => {
  const { app: page } = site(credentials(simulator))
  page.post('/in', (req, res) =>
    req.session.regenerate(() => void res.json(Object.assign(req.session, { in: 1 }) && {})),
  )
  const browser = new Browser()
  const challenges = await browser.load(page, THREE)
  browser.keep(await request(page).post('/in').set('Cookie', browser.cookies).expect(200))
  for (const challenge of challenges) expect(await browser.post(page, challenge)).toBe('session_mismatch')
})

// Falls when: a session that takes another's place within a request counts as one that an issue has begun.
test('attack 47: nothing is carried over where the answer to the login brings the next challenge', async () => {
  const { app: page, captcha } = site(credentials(simulator))
  page.post('/in', (req, res, next) =>
    req.session.regenerate(() => void captcha.issue(req).then((issue) => res.json(issue), next)),
  )
  const browser = new Browser()
  const challenges = await browser.load(page, THREE)
  const reply = await request(page).post('/in').set('Cookie', browser.cookies).expect(200)
  browser.keep(reply)
  for (const challenge of challenges) expect(await browser.post(page, challenge)).toBe('session_mismatch')
  expect(await browser.post(page, reply.body.challenge)).toBe('through')
})

test('attack 47: what was begun more than a minute apart is no one page', async () => {
  const world = fakeWorld()
  const { app: page } = site(credentials(simulator), world)
  for (const [ms, said] of [
    [60_000, 'through'],
    [60_001, 'session_mismatch'],
  ] as const) {
    const browser = new Browser()
    const [first = ''] = await browser.load(page, ['/getcaptcha'])
    world.advance(ms)
    browser.without(/^connect/)
    await browser.load(page, ['/getcaptcha'])
    expect(await browser.post(page, first)).toBe(said)
  }
})

test('attack 47: without the words, sessions are strangers', async () => {
  const page = app()
  const browser = new Browser()
  const [first = '', second = ''] = await browser.load(page, THREE)
  expect(await browser.without(/^geetest_/).post(page, first)).toBe('session_mismatch')
  expect(await browser.post(page, second)).toBe('session_mismatch')
})

describe('the cookie of a first issue', () => {
  test('attack 47: stands behind the session’s, is as closed as that, ends with its challenge, and is set once', async () => {
    const page = app()
    const first = await request(page).get('/getcaptcha').expect(200)
    const [session, word] = first.headers['set-cookie'] as unknown as string[]
    expect(session).toMatch(/^connect\.sid=/)
    expect(word).toMatch(/^geetest_[0-9a-f]{16}=[0-9a-z]+\.[\w-]{22}; Path=\/; HttpOnly; Max-Age=600$/)
    const cookie = String(session).split(';')[0] as string
    const next = await request(page).get('/getcaptcha').set('Cookie', cookie).expect(200)
    expect(next.headers['set-cookie']).toBeUndefined()
  })

  test('attack 47: says nothing of the session, of the key or of the other challenges', async () => {
    const page = app()
    const { headers } = await request(page).get('/getcaptcha').expect(200)
    const [session, word] = (headers['set-cookie'] as unknown as string[]).map(decodeURIComponent)
    const id = /s:([^.]+)/.exec(String(session))?.[1] ?? 'none'
    expect(word).not.toContain(id)
    expect(word).not.toContain(simulator.privateKey)
  })

  // Falls when: each of many challenges in one answer sets a cookie, or each answer to a browser that keeps no session does: its requests
  // would soon be too large for the server.
  test('attack 47: is one for each answer, however many challenges are in it', async () => {
    const { app: page, captcha } = site(credentials(simulator))
    page.get('/many', (req, res, next) => {
      Promise.all(Array.from({ length: 20 }, () => captcha.issue(req))).then((all) => res.json(all), next)
    })
    const { headers } = await request(page).get('/many').expect(200)
    expect(headers['set-cookie']).toHaveLength(2)
  })

  test('attack 47: is set to no browser that has sixteen of them, and keeps no session', async () => {
    const page = app()
    const browser = new Browser()
    for (let i = 0; i < 20; i++) await browser.without(/^connect/).load(page, ['/getcaptcha'])
    expect(browser.words).toHaveLength(16)
  })
})
