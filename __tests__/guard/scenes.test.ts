/** @express4 mounting, bodies */
import express from 'express'
import request from 'supertest'
import { geetest, MemoryStore, type GeetestOptions } from '../../lib'
import { cloud, credentials, errorsAsJson, sessions, visitor, type Agent } from '../support/site'
import type { Simulator } from '../../lib/simulator'

const OTHER_ID = 'b'.repeat(32)

describe('two scenes in one app', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud({ accounts: { [OTHER_ID]: 'other-key' } })
  })

  function twoScenes(login: Partial<GeetestOptions>, comment: Partial<GeetestOptions>) {
    const app = express()
    app.use(sessions())
    for (const [name, options] of Object.entries({ login, comment })) {
      const captcha = geetest({ ...credentials(simulator), ...options })
      app.use(`/${name}`, captcha)
      app.post(`/${name}`, captcha.validate(), (req, res) => void res.json(req.geetest))
    }
    return visitor(app.use(errorsAsJson))
  }
  async function solve(agent: Agent, scene: string) {
    const { body } = await agent.get(`/${scene}/getcaptcha`).expect(200)
    return simulator.answer(body.challenge)
  }

  /** A function, so that the answer is there before the request takes its cookies. */
  const post = (agent: Agent, path: string, answer: object) => agent.post(path).send(answer)

  test('work side by side, each under its prefix', async () => {
    const agent = twoScenes({ scene: 'login' }, { scene: 'comment' })
    for (const scene of ['login', 'comment']) {
      const { body } = await post(agent, `/${scene}`, await solve(agent, scene)).expect(200)
      expect(body.scene).toBe(scene)
    }
  })

  test('move all routes with the prefix', async () => {
    const agent = twoScenes({ scene: 'login' }, { scene: 'comment' })
    await agent.get('/login/gt.js').expect(200)
    await post(agent, '/login/validate', await solve(agent, 'login')).expect(200, 'success')
    await agent.get('/getcaptcha').expect(404)
  })

  test('may have ids and keys of their own', async () => {
    const agent = twoScenes({}, { captchaId: OTHER_ID, privateKey: 'other-key' })
    for (const scene of ['login', 'comment']) await post(agent, `/${scene}`, await solve(agent, scene)).expect(200)
  })

  test('refuse each other’s answers', async () => {
    const store = new MemoryStore()
    const agent = twoScenes({ scene: 'login', store }, { scene: 'comment', store })
    const { body } = await post(agent, '/comment', await solve(agent, 'login')).expect(403)
    expect(body.code).toBe('scene_mismatch')
  })

  test('refuse each other’s answers under equal scene names and different ids', async () => {
    const store = new MemoryStore()
    const agent = twoScenes({ store }, { store, captchaId: OTHER_ID, privateKey: 'other-key' })
    const { body } = await post(agent, '/comment', await solve(agent, 'login')).expect(403)
    expect(body.code).toBe('scene_mismatch')
  })

  test.each([
    ['scenes', { scene: 'comment' }],
    ['ids', { captchaId: OTHER_ID, privateKey: 'other-key' }],
  ])('refuse each other’s passes: different %s', async (_, difference) => {
    const store = new MemoryStore()
    const agent = twoScenes({ store }, { store, ...difference })
    await post(agent, '/login/validate', await solve(agent, 'login')).expect(200, 'success')
    await agent.post('/comment').expect(403)
    await agent.post('/login').expect(200)
  })

  test('know nothing of each other where each has a store of its own', async () => {
    const agent = twoScenes({ scene: 'login' }, { scene: 'comment' })
    const { body } = await post(agent, '/comment', await solve(agent, 'login')).expect(403)
    expect(body.code).toBe('unknown_challenge')
  })
})

describe('the body of a guarded request', () => {
  const parsers: [string, express.RequestHandler[]][] = [
    ['nobody', []],
    ['express.json', [express.json()]],
    ['express.urlencoded', [express.urlencoded({ extended: true })]],
    ['both', [express.json(), express.urlencoded({ extended: true })]],
  ]
  test.each(parsers.flatMap(([name, handlers]) => ['form', 'json'].map((type) => [type, name, handlers] as const)))(
    'is read as %s when it was parsed by %s before',
    async (type, _, handlers) => {
      const simulator = await cloud()
      const captcha = geetest(credentials(simulator))
      const app = express().use(sessions(), ...handlers, captcha)
      app.post('/login', captcha.validate(), (req, res) => void res.json(req.body))
      const agent = visitor(app)
      const { body } = await agent.get('/getcaptcha')
      const form = { ...simulator.answer(body.challenge), username: 'demo' }
      const answer = await agent.post('/login').type(type).send(form).expect(200)
      expect(answer.body.username).toBe('demo')
    },
  )

  test('is left to a parser behind the guard when its type is neither form nor JSON', async () => {
    const simulator = await cloud()
    const captcha = geetest(credentials(simulator))
    const app = express().use(sessions(), captcha)
    app.post('/upload', captcha.validate(), express.text(), (req, res) => void res.send(req.body))
    const agent = visitor(app)
    const { body } = await agent.get('/getcaptcha')
    await agent.post('/validate').send(simulator.answer(body.challenge)).expect('success')
    await agent.post('/upload').type('text/plain').send('a file').expect(200, 'a file')
  })

  test.each([
    ['an array', express.json(), 'application/json', '[1]'],
    ['text', express.text(), 'text/plain', 'words'],
    ['a buffer', express.raw(), 'application/octet-stream', 'bytes'],
  ])('may be %s, where a pass stands in for the fields', async (_, parser, type, text) => {
    const simulator = await cloud()
    const captcha = geetest(credentials(simulator))
    const app = express().use(sessions(), captcha)
    app.post('/notes', parser, captcha.validate(), (_req, res) => void res.end())
    const agent = visitor(app)
    const { body } = await agent.get('/getcaptcha')
    await agent.post('/validate').send(simulator.answer(body.challenge)).expect('success')
    await agent.post('/notes').type(type).send(text).expect(200)
    await agent.post('/notes').type(type).send(text).expect(403)
  })

  test('may be consumed by a parser that leaves no trace, and costs a denial, not a hanging request', async () => {
    const simulator = await cloud()
    const captcha = geetest(credentials(simulator))
    const app = express().use(sessions(), captcha)
    const swallow: express.RequestHandler = (req, _res, next) => void req.resume().on('end', () => next())
    app.post('/login', swallow, captcha.validate()).use(errorsAsJson)
    await request(app).post('/login').send({ username: 'demo' }).expect(403)
  })
})
