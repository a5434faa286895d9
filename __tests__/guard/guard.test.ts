/** @express4 errors, sessions */
import request from 'supertest'
import { cloud, credentials, site, solve, visitor } from '../support/site'
import type { OnDeny } from '../../lib'
import type { Simulator } from '../../lib/simulator'

describe('a guarded route', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })
  const open = () => site(credentials(simulator)).app

  test('lets a visitor through who carries a right answer, with the verdict on req.geetest', async () => {
    const agent = visitor(site({ ...credentials(simulator), userId: () => 'u1', scene: 'login' }).app)
    const answer = await solve(agent, simulator)
    const { body } = await agent.post('/login').type('form').send(answer).expect(200)
    expect(body).toEqual({ ok: true, mode: 'online', scene: 'login', user: 'u1', via: 'answer' })
  })

  test('is closed to a visitor who carries nothing', async () => {
    const { body } = await request(open()).post('/login').send({ username: 'demo' }).expect(403)
    expect(body.code).toBe('missing')
  })

  test('is closed to an answer of which a field is missing', async () => {
    const agent = visitor(open())
    const { geetest_challenge, geetest_validate } = await solve(agent, simulator)
    const { body } = await agent.post('/login').send({ geetest_challenge, geetest_validate }).expect(403)
    expect(body.code).toBe('missing')
  })

  test('takes an answer once', async () => {
    const agent = visitor(open())
    const answer = await solve(agent, simulator)
    await agent.post('/login').send(answer).expect(200)
    const { body } = await agent.post('/login').send(answer).expect(403)
    expect(body.code).toBe('replayed')
  })

  test('takes a challenge once, right answer or wrong', async () => {
    const agent = visitor(open())
    const answer = await solve(agent, simulator)
    await agent
      .post('/login')
      .send({ ...answer, geetest_validate: '0'.repeat(32) })
      .expect(403)
    const { body } = await agent.post('/login').send(answer).expect(403)
    expect(body.code).toBe('replayed')
  })

  test('lets exactly one of 50 simultaneous posts of one right answer through', async () => {
    const agent = visitor(open())
    const answer = await solve(agent, simulator)
    const posts = await Promise.all(Array.from({ length: 50 }, () => agent.post('/login').send(answer)))
    const outcomes = posts.map(({ body }) => String(body.code ?? 'through'))
    expect(outcomes.filter((outcome) => outcome === 'through')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'replayed')).toHaveLength(49)
  })

  test('is closed to another session’s answer', async () => {
    const app = open()
    const answer = await solve(visitor(app), simulator)
    const thief = visitor(app)
    await thief.get('/getcaptcha')
    const { body } = await thief.post('/login').send(answer).expect(403)
    expect(body.code).toBe('session_mismatch')
  })

  test('is closed to the same visitor under a new session id', async () => {
    const { app } = site(credentials(simulator))
    app.post('/regenerate', (req, res) => req.session.regenerate(() => void res.end()))
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await agent.post('/regenerate')
    const { body } = await agent.post('/login').send(answer).expect(403)
    expect(body.code).toBe('session_mismatch')
  })

  test('is closed to an answer that begins like the challenge and goes on differently', async () => {
    const agent = visitor(open())
    const answer = await solve(agent, simulator)
    const longer = { ...answer, geetest_challenge: `${answer.geetest_challenge}abc` }
    const { body } = await agent.post('/login').send(longer).expect(403)
    expect(body.code).toBe('unknown_challenge')
  })

  test('works for three challenges of one session that were issued at the same time', async () => {
    const agent = visitor(open())
    await agent.get('/getcaptcha')
    const answers = await Promise.all([1, 2, 3].map(() => solve(agent, simulator)))
    for (const answer of answers) await agent.post('/login').send(answer).expect(200)
  })

  test('is closed to an answer that came too late', async () => {
    let time = Date.now()
    const agent = visitor(site(credentials(simulator), { now: () => time }).app)
    const answer = await solve(agent, simulator)
    time += 600_000
    const { body } = await agent.post('/login').send(answer).expect(403)
    expect(body.code).toBe('expired')
  })

  test('is open to an answer in the last moment of its ten minutes', async () => {
    let time = Date.now()
    const agent = visitor(site(credentials(simulator), { now: () => time }).app)
    const answer = await solve(agent, simulator)
    time += 599_999
    await agent.post('/login').send(answer).expect(200)
  })

  test('gives a denied request to onDeny instead of the error handler', async () => {
    const { app, captcha } = site({
      ...credentials(simulator),
      onDeny: (error, _req, res) => void res.status(418).send(error.code),
    })
    const own: OnDeny = (error, _req, res) => void res.status(451).send(error.code)
    app.post('/comment', captcha.validate({ onDeny: own }))
    expect((await request(app).post('/login').expect(418)).text).toBe('missing')
    expect((await request(app).post('/comment').expect(451)).text).toBe('missing')
  })

  test('reports an onDeny that throws, instead of ending the process', async () => {
    const onDeny = () => {
      throw new Error('mistake in onDeny')
    }
    const { app } = site({ ...credentials(simulator), onDeny })
    const { body } = await request(app).post('/login').expect(500)
    expect(body.message).toBe('mistake in onDeny')
  })
})

describe('the pass that POST /validate leaves', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })
  /** A visitor of a fresh site who has passed the captcha, and whose clock stands in `clock.time`. */
  async function passed() {
    const clock = { time: Date.now() }
    const { app, captcha } = site({ ...credentials(simulator), scene: 'login' }, { now: () => clock.time })
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send(answer).expect(200, 'success')
    return { app, captcha, agent, clock, answer }
  }

  test('opens a guarded route without the three fields', async () => {
    const { agent } = await passed()
    const { body } = await agent.post('/login').send({ username: 'demo' }).expect(200)
    expect(body).toMatchObject({ ok: true, mode: 'online', scene: 'login', via: 'pass' })
  })

  test('opens it once', async () => {
    const { agent } = await passed()
    await agent.post('/login').expect(200)
    const { body } = await agent.post('/login').expect(403)
    expect(body.code).toBe('missing')
  })

  test('opens it for exactly one of 50 simultaneous requests', async () => {
    const { agent } = await passed()
    const posts = await Promise.all(Array.from({ length: 50 }, () => agent.post('/login')))
    expect(posts.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test.each([
    [119_999, 200],
    [120_000, 403],
  ])('after %i ms the route answers %i', async (ms, status) => {
    const { agent, clock } = await passed()
    clock.time += ms
    await agent.post('/login').expect(status)
  })

  test('is worth nothing in another session', async () => {
    const { app } = await passed()
    await visitor(app).post('/login').expect(403)
  })

  test('never rescues fields that are present and wrong', async () => {
    const { agent, answer } = await passed()
    const { body } = await agent.post('/login').send(answer).expect(403)
    expect(body.code).toBe('replayed')
    await agent.post('/login').send({ geetest_challenge: answer.geetest_challenge }).expect(403)
    await agent
      .post('/login')
      .send({ ...answer, geetest_validate: ['x'] })
      .expect(400)
  })

  test('is not left by a wrong answer', async () => {
    const agent = visitor(site(credentials(simulator)).app)
    const answer = await solve(agent, simulator)
    await agent.post('/validate').send({ ...answer, geetest_validate: '0'.repeat(32) })
    await agent.post('/login').expect(403)
  })

  test('cannot be turned into another pass', async () => {
    const { agent } = await passed()
    await agent.post('/validate').send({}).expect(400, 'fail')
    await agent.post('/login').expect(200)
  })

  test('can be asked for as a value, with captcha.verify(req)', async () => {
    const { app, captcha, agent } = await passed()
    app.get('/verdict', (req, res, next) => void captcha.verify(req).then((verdict) => res.json(verdict), next))
    expect((await agent.get('/verdict')).body).toMatchObject({ ok: true, via: 'pass' })
    expect((await agent.get('/verdict')).body).toEqual({ ok: false, code: 'missing' })
  })
})
