import request from 'supertest'
import type { AnswerFields, Simulator } from '../../lib/simulator'
import { startDemo, type Demo } from '../browser/support/demo'
import { cloud } from '../support/site'
import { work } from '../support/work'

const names = ['login', 'register', 'comment'] as const
type Scene = (typeof names)[number]
type Agent = ReturnType<typeof request.agent>

const PERSON = { username: 'demo', password: 'demo' }
const through = { login: 200, register: 201, comment: 201 } as const
const crossings = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const))

/** `examples/scenes.mjs` in a process of its own, with a cloud for each scene. */
async function open() {
  const clouds = { login: await cloud(), register: await cloud(), comment: await cloud() }
  const env = names.flatMap((name) => {
    const { captchaId, privateKey, url } = clouds[name]
    const prefix = `GEETEST_${name.toUpperCase()}`
    return [
      [`${prefix}_ID`, captchaId],
      [`${prefix}_KEY`, privateKey],
      [`${prefix}_API_SERVER`, url],
    ]
  })
  const app = await startDemo(Object.fromEntries(env), 'examples/scenes.mjs')
  return { app, clouds, visitor: () => request.agent(app.url) }
}

const issue = async (agent: Agent, scene: Scene) => (await agent.get(`/${scene}/getcaptcha`).expect(200)).body
const solve = async (agent: Agent, scene: Scene, simulator: Simulator): Promise<AnswerFields> =>
  simulator.answer((await issue(agent, scene)).challenge)
const post = (agent: Agent, path: string, answer: object = {}) => agent.post(path).send({ ...PERSON, ...answer })

describe('examples/scenes.mjs', () => {
  let app: Demo
  let clouds: Readonly<Record<Scene, Simulator>>
  let visitor: () => Agent
  beforeAll(async () => ({ app, clouds, visitor } = await open()))
  afterAll(() => app.stop())

  test.each(names)('guards %s by an id of its own', async (scene) => {
    const agent = visitor()
    const { gt, challenge } = await issue(agent, scene)
    expect(gt).toBe(clouds[scene].captchaId)
    await post(agent, `/${scene}`).expect(403)
    await post(agent, `/${scene}`, clouds[scene].answer(challenge)).expect(through[scene])
  })

  test.each(crossings)('a challenge that was solved for %s is worth nothing at %s', async (from, to) => {
    const agent = visitor()
    const { body } = await post(agent, `/${to}`, await solve(agent, from, clouds[from])).expect(403)
    expect(body.code).toBe('scene_mismatch')
  })

  test.each(crossings)('a pass that was earned for %s is worth nothing at %s', async (from, to) => {
    const agent = visitor()
    await post(agent, `/${from}/validate`, await solve(agent, from, clouds[from])).expect(200, 'success')
    expect((await post(agent, `/${to}`).expect(403)).body.code).toBe('missing')
    await post(agent, `/${from}`).expect(through[from])
  })

  test.each([
    ['login', 3],
    ['register', 1],
    ['comment', 5],
  ] as const)('one captcha at %s is good for so many requests: %i', async (scene, uses) => {
    const agent = visitor()
    await post(agent, `/${scene}`, await solve(agent, scene, clouds[scene])).expect(through[scene])
    for (let use = 1; use < uses; use++) await post(agent, `/${scene}`).expect(through[scene])
    await post(agent, `/${scene}`).expect(403)
  })

  test('a wrong password costs no new captcha', async () => {
    const agent = visitor()
    const answer = await solve(agent, 'login', clouds.login)
    await post(agent, '/login', { ...answer, password: 'dmeo' }).expect(401, { result: 'wrong password', left: 2 })
    await post(agent, '/login').expect(200, { result: 'welcome', left: 1 })
  })

  test('has a page with a form for each scene, and the loader that it loads', async () => {
    const { text } = await request(app.url).get('/').expect(200)
    for (const scene of names) expect(text).toContain(`action="/${scene}"`)
    const [, loader] = /<script src="([^"]+)"/.exec(text) ?? []
    await request(app.url).get(String(loader)).expect(200)
  })
})

describe('examples/scenes.mjs, while no cloud answers,', () => {
  let app: Demo
  let visitor: () => Agent
  beforeAll(async () => {
    const opened = await open()
    ;({ app, visitor } = opened)
    for (const scene of names) {
      await opened.clouds[scene].fault('500')
      for (let lost = 0; lost < 3; lost++) await issue(visitor(), scene)
    }
  })
  afterAll(() => app.stop())

  test('says that every scene is degraded, and is healthy', async () => {
    const { body } = await request(app.url).get('/health').expect(200)
    expect(body).toEqual(names.map((scene) => expect.objectContaining({ scene, status: 'degraded', store: 'ok' })))
  })

  test('lets in at login who does the work', async () => {
    const agent = visitor()
    await post(agent, '/login').expect(403)
    await post(agent, '/login', work((await issue(agent, 'login')).challenge)).expect(200)
  })

  test('registers nobody', async () => {
    const agent = visitor()
    const { challenge } = await issue(agent, 'register')
    const { body } = await post(agent, '/register', work(challenge)).expect(403)
    expect(body.code).toBe('downtime_denied')
  })

  test('publishes comments, and notes that nobody was verified', async () => {
    await post(visitor(), '/comment').expect(201, { result: 'published', verified: false })
  })

  test('bears so many wrong answers at login, and more elsewhere', async () => {
    const wrong = { geetest_challenge: 'f'.repeat(32), geetest_validate: 'x', geetest_seccode: 'x' }
    const agent = visitor()
    const statuses = async (path: string) => {
      const seen = []
      for (let i = 0; i < 22; i++) seen.push((await post(agent, path, wrong)).status)
      return seen
    }
    expect((await statuses('/login')).slice(-1)).toEqual([429])
    expect(new Set(await statuses('/comment'))).toEqual(new Set([403]))
  })
})

test('examples/scenes.mjs starts a simulator for each scene where the environment has no ids', async () => {
  const app = await startDemo({}, 'examples/scenes.mjs')
  try {
    const agent = request.agent(app.url)
    const issues = []
    for (const scene of names) issues.push(await issue(agent, scene))
    expect(issues.map(({ success }) => success)).toEqual([1, 1, 1])
    expect(new Set(issues.map(({ gt }) => gt)).size).toBe(3)
  } finally {
    await app.stop()
  }
})
