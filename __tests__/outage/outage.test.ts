import request from 'supertest'
import { md5 } from '../../lib/digest'
import { geetest, MemoryStore, type DowntimeProvider, type GeetestEvent } from '../../lib'
import { faults, type Fault, type Simulator } from '../../lib/simulator'
import { DEADLINE, outwait, stopTimers } from '../support/deadlines'
import { cloud, credentials, errorsAsJson, site, solve, visitor } from '../support/site'

stopTimers()
/** A `slow` answer is an outage only where it is later than the deadline. */
const LATE = { delay: 2 * DEADLINE }
/** Being asked to come less often is no outage, and has tests of its own. */
const failures = faults.filter((fault) => fault !== '429')
const ofRegister = failures.filter((fault) => fault !== 'wrong-digest' && fault !== 'uppercase')

describe('when the cloud fails', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })
  afterEach(() => simulator.fault('none'))
  const open = (options = {}) => site({ ...credentials(simulator), timeout: DEADLINE, ...options })

  test.each<Fault>(ofRegister)('%s at register: GET /getcaptcha answers 200 with success 0', async (fault) => {
    await simulator.fault(fault, { endpoint: 'register', ...LATE })
    const agent = visitor(open().app)
    const { body } = await outwait(simulator, fault, () => agent.get('/getcaptcha').expect(200))
    expect(body).toMatchObject({ success: 0, challenge: expect.stringMatching(/^[0-9a-f]{32}\.gt-offline\.1\./) })
  })

  test.each<Fault>(failures)(
    '%s at validate: 503, and the same answer passes once the cloud is back',
    async (fault) => {
      const agent = visitor(open().app)
      const answer = await solve(agent, simulator)
      await simulator.fault(fault, { endpoint: 'validate', ...LATE })
      const { body } = await outwait(simulator, fault, () => agent.post('/login').send(answer).expect(503))
      expect(body.code).toBe('unavailable')
      const unavailable = { result: 'fail', code: 'unavailable' }
      await outwait(simulator, fault, () =>
        agent.post('/validate').accept('json').send(answer).expect(503, unavailable),
      )
      await simulator.fault('none')
      await agent.post('/login').send(answer).expect(200)
    },
  )

  test('an answer that waited out the outage passes once', async () => {
    const agent = visitor(open().app)
    const answer = await solve(agent, simulator)
    await simulator.fault('500', { endpoint: 'validate', calls: 1 })
    await agent.post('/login').send(answer).expect(503)
    await agent.post('/login').send(answer).expect(200)
    await agent.post('/login').send(answer).expect(403)
  })

  test('an answer that waits out the outage keeps the time that it had left, and no more', async () => {
    let time = Date.now()
    const agent = visitor(site(credentials(simulator), { now: () => time }).app)
    const answer = await solve(agent, simulator)
    time += 599_000
    await simulator.fault('500', { endpoint: 'validate', calls: 1 })
    await agent.post('/login').send(answer).expect(503)
    time += 1_000
    const { body } = await agent.post('/login').send(answer).expect(403)
    expect(body.code).toBe('expired')
  })

  test('no number of simultaneous posts gets an answer through', async () => {
    const agent = visitor(open().app)
    const answer = await solve(agent, simulator)
    await simulator.fault('garbage', { endpoint: 'validate' })
    const posts = await Promise.all(Array.from({ length: 20 }, () => agent.post('/login').send(answer)))
    expect(posts.filter(({ status }) => status === 200)).toEqual([])
  })
})

describe('a flood of visitors', () => {
  test('is told to wait, and is never given the downtime captcha while the cloud is up', async () => {
    let answer = (): void => undefined
    const waited = new Promise<void>((resolve) => {
      answer = resolve
    })
    const http = { request: () => waited.then(() => ({ status: 200, data: `{"challenge":"${'a'.repeat(32)}"}` })) }
    const simulator = await cloud()
    const { app, captcha } = site({ ...credentials(simulator), timeout: 30_000, downtime: 'allow', http })
    const server = app.listen(0, '127.0.0.1')
    // One network: 128 calls are made and 512 wait. The cloud answers once all are here, and the rest were told at once.
    let turnedAway = 0
    const visit = async () => {
      const reply = await request(server).get('/getcaptcha')
      if (reply.status === 429 && ++turnedAway === 60) answer()
      return reply
    }
    const visits = await Promise.all(Array.from({ length: 700 }, visit))
    server.close()
    expect(visits.filter(({ status }) => status === 429)).toHaveLength(60)
    expect(visits.filter(({ body }) => body.success === 0)).toEqual([])
    expect(captcha.status.mode).toBe('up')
  })
})

describe('failback, while the cloud is down', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
    await simulator.fault('500', { endpoint: 'register' })
  })

  async function offline(options = {}) {
    const agent = visitor(site({ ...credentials(simulator), downtime: 'failback', ...options }).app)
    const { body } = await agent.get('/getcaptcha').expect(200)
    const challenge = body.challenge as string
    const fields = (validate: string, of = challenge) => ({
      geetest_challenge: of,
      geetest_validate: validate,
      geetest_seccode: `${validate}|jordan`,
    })
    return { agent, challenge, fields }
  }

  test('accepts the new captcha’s offline answer to the challenge that was issued', async () => {
    const { agent, challenge, fields } = await offline()
    const { body } = await agent
      .post('/login')
      .send(fields(md5(challenge)))
      .expect(200)
    expect(body.mode).toBe('failback')
  })

  test('accepts the slide’s offline answer where pages are told new_captcha false', async () => {
    // base 0x00 → the two characters after the first 32 are zeros; 'abf__' decodes to 65, 0, 0 (official vectors).
    const random = (size: number) =>
      size === 1 ? Buffer.from([0]) : Buffer.from('9ef31e1718515595b7f3a94501a81e2a', 'hex')
    const { app } = site({ ...credentials(simulator), downtime: 'failback', newCaptcha: false }, { random })
    const agent = visitor(app)
    const { body } = await agent.get('/getcaptcha')
    expect(body.challenge).toBe('9ef31e1718515595b7f3a94501a81e2a00')
    const answer = { geetest_challenge: body.challenge, geetest_validate: 'abf__', geetest_seccode: 'scf' }
    await agent.post('/login').send(answer).expect(200)
  })

  test('refuses a wrong answer as unsolved', async () => {
    const { agent, fields } = await offline()
    const { body } = await agent
      .post('/login')
      .send(fields('0'.repeat(32)))
      .expect(403)
    expect(body.code).toBe('downtime_unsolved')
  })

  test('refuses the rule that does not belong to what was issued', async () => {
    const { agent, challenge, fields } = await offline({ newCaptcha: false })
    await agent
      .post('/login')
      .send(fields(md5(challenge)))
      .expect(403)
  })

  test('refuses the right answer to a challenge of the visitor’s own making', async () => {
    const { agent, fields } = await offline()
    const own = 'd'.repeat(34)
    const { body } = await agent
      .post('/login')
      .send(fields(md5(own), own))
      .expect(403)
    expect(body.code).toBe('unknown_challenge')
  })

  test('takes an answer once', async () => {
    const { agent, challenge, fields } = await offline()
    await agent
      .post('/login')
      .send(fields(md5(challenge)))
      .expect(200)
    await agent
      .post('/login')
      .send(fields(md5(challenge)))
      .expect(403)
  })

  test('asks nothing of the cloud', async () => {
    const { agent, challenge, fields } = await offline()
    simulator.forget()
    await agent
      .post('/login')
      .send(fields(md5(challenge)))
      .expect(200)
    expect(simulator.calls).toEqual([])
  })

  test('notes downtime mode in the session', async () => {
    const { app } = site(credentials(simulator))
    app.get('/session', (req, res) => void res.json(req.session.geetest))
    const agent = visitor(app)
    await agent.get('/getcaptcha')
    expect((await agent.get('/session')).body.gt_server_status).toBe(0)
  })
})

describe('the mode of a challenge is chosen by the server at issue', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })
  afterEach(() => simulator.fault('none'))

  test('an offline answer to an online challenge is refused, though the cloud is down by now', async () => {
    const agent = visitor(site(credentials(simulator)).app)
    const { body } = await agent.get('/getcaptcha')
    await simulator.fault('refuse')
    const forged = { geetest_challenge: body.challenge, geetest_validate: md5(body.challenge), geetest_seccode: 'x' }
    const denied = await agent.post('/login').send(forged).expect(403)
    expect(denied.body.code).toBe('bad_signature')
  })

  test('an offline answer to an offline challenge passes, though the cloud is back by now', async () => {
    const agent = visitor(site({ ...credentials(simulator), downtime: 'failback' }).app)
    await simulator.fault('500', { endpoint: 'register' })
    const { body } = await agent.get('/getcaptcha')
    await simulator.fault('none')
    const validate = md5(body.challenge)
    const answer = {
      geetest_challenge: body.challenge,
      geetest_validate: validate,
      geetest_seccode: `${validate}|jordan`,
    }
    await agent.post('/login').send(answer).expect(200)
  })

  test.each([
    ['a body field', { gt_server_status: 0, success: 0, offline: true, geetest_success: 0 }, ''],
    ['a cookie', {}, 'gt_server_status=0; geetest=%7B%22gt_server_status%22%3A0%7D'],
    ['a validate of three parts', { geetest_validate: 'abf__' }, ''],
  ])('%s of the browser cannot choose the offline check', async (_, fields, cookie) => {
    const events: GeetestEvent[] = []
    const agent = visitor(site({ ...credentials(simulator), onEvent: (event) => events.push(event) }).app)
    const { body } = await agent.get('/getcaptcha')
    const validate = md5(body.challenge)
    const forged = { geetest_challenge: body.challenge, geetest_validate: validate, geetest_seccode: 'x', ...fields }
    await agent.post('/login').set('Cookie', cookie).send(forged).expect(403)
    expect(events.filter((event) => event.type === 'verify' && event.outcome === 'ok')).toEqual([])
  })

  test('an answer of a provider that is no longer configured is refused', async () => {
    const store = new MemoryStore()
    const quiz = { name: 'quiz', issue: () => '-quiz', verify: () => true }
    const { app } = site({ ...credentials(simulator), store, downtime: quiz })
    app.post('/without-quiz', geetest({ ...credentials(simulator), store }).validate()).use(errorsAsJson)
    await simulator.fault('refuse')
    const agent = visitor(app)
    const { body } = await agent.get('/getcaptcha')
    const answer = { geetest_challenge: body.challenge, geetest_validate: 'x', geetest_seccode: 'x' }
    const denied = await agent.post('/without-quiz').send(answer).expect(403)
    expect(denied.body.code).toBe('unknown_challenge')
  })
})

describe('a downtime provider of one’s own', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
    await simulator.fault('500', { endpoint: 'register' })
  })
  const quiz = (verify: DowntimeProvider['verify']) => ({ name: 'quiz', issue: () => '-4plus4', verify })

  async function answered(verify: DowntimeProvider['verify']) {
    const agent = visitor(site({ ...credentials(simulator), downtime: quiz(verify) }).app)
    const { body } = await agent.get('/getcaptcha')
    const answer = { geetest_challenge: body.challenge, geetest_validate: '8', geetest_seccode: '8' }
    return { agent, challenge: body.challenge as string, answer }
  }

  test('writes what follows the random id of the challenge', async () => {
    const { challenge } = await answered(() => true)
    expect(challenge).toMatch(/^[0-9a-f]{32}-4plus4$/)
  })

  test('decides with the answer in hand, and its name is the mode', async () => {
    const { agent, answer } = await answered(({ validate }) => validate === '8')
    const { body } = await agent.post('/login').send(answer).expect(200)
    expect(body.mode).toBe('quiz')
  })

  test('cannot make an answer pass twice', async () => {
    const { agent, answer } = await answered(() => Promise.resolve(true))
    await agent.post('/login').send(answer).expect(200)
    await agent.post('/login').send(answer).expect(403)
  })

  test('that answers anything but true has not been convinced', async () => {
    const { agent, answer } = await answered(() => ({ ok: false }) as never)
    expect((await agent.post('/login').send(answer).expect(403)).body.code).toBe('downtime_unsolved')
  })

  test.each([undefined, ' a', 'x'.repeat(600), Promise.resolve('a')])(
    'whose issue returns %p is a setup mistake, told at the first challenge',
    async (rest) => {
      const downtime = { name: 'quiz', issue: () => rest as never, verify: () => true }
      const { body } = await visitor(site({ ...credentials(simulator), downtime }).app)
        .get('/getcaptcha')
        .expect(500)
      expect(body).toEqual({
        code: 'invalid_option',
        message: expect.stringMatching(/provider quiz: issue\(id\) must/),
      })
    },
  )

  test('that throws gives nobody’s verdict, and the answer may be sent again', async () => {
    const verify = jest
      .fn<boolean, []>(() => true)
      .mockImplementationOnce(() => {
        throw new Error('broken provider')
      })
    const { agent, answer } = await answered(verify)
    await agent.post('/login').send(answer).expect(503)
    await agent.post('/login').send(answer).expect(200)
  })
})
