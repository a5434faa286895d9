import request from 'supertest'
import { startDemo, type Demo } from '../browser/support/demo'
import { cloud } from '../support/site'
import { describeOnRedis } from '../support/redis'
import type { Simulator } from '../../lib/simulator'

const ACCOUNT = { username: 'demo', password: 'demo' }

describeOnRedis('the demo in three processes that share a Redis', (server) => {
  let simulator: Simulator
  let demo: Demo
  beforeAll(async () => {
    simulator = await cloud()
    const { captchaId, privateKey, url } = simulator
    const env = {
      REDIS_URL: `redis://127.0.0.1:${server.port}`,
      GEETEST_ID: captchaId,
      GEETEST_KEY: privateKey,
      GEETEST_API_SERVER: url,
    }
    demo = await startDemo(env, 'demo/cluster.ts')
  }, 60_000)
  afterAll(() => demo?.stop())

  /** A visitor whose requests the processes take in turn. */
  async function solved() {
    const agent = request.agent(demo.url)
    const { body } = await agent.get('/getcaptcha').expect(200)
    return { agent, answer: { ...ACCOUNT, ...simulator.answer(body.challenge) } }
  }

  test('logs a visitor in, whichever process is asked', async () => {
    for (let i = 0; i < 6; i++) {
      const { agent, answer } = await solved()
      await agent.post('/login').send(answer).expect(200, { result: 'success' })
    }
  })

  test('takes an answer once, however many processes are asked at the same time', async () => {
    const { agent, answer } = await solved()
    const posts = await Promise.all(Array.from({ length: 50 }, () => agent.post('/login').send(answer)))
    expect(posts.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(posts.map(({ status }) => status))).toEqual(new Set([200, 403]))
  })

  test('answers 503 while Redis is away, and as ever once it is back', async () => {
    const { agent, answer } = await solved()
    await server.kill()
    const { status, body } = await agent.post('/login').send(answer)
    expect([status, body]).toEqual([503, { result: 'fail', code: 'store_error' }])
    await server.start()
    // Each process finds its own way back; they answer in turn.
    for (let inARow = 0; inARow < 12;) {
      const back = await request(demo.url).get('/getcaptcha')
      inARow = back.status === 200 ? inARow + 1 : 0
    }
    const again = await solved()
    await again.agent.post('/login').send(again.answer).expect(200)
  })
})

test('several processes without a Redis are refused, with what to write', async () => {
  await expect(startDemo({}, 'demo/cluster.ts')).rejects.toThrow(
    /write REDIS_URL=redis:\/\/127\.0\.0\.1:6379 before it/,
  )
})
