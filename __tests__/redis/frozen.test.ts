import request from 'supertest'
import { startDemo, type Demo } from '../browser/support/demo'
import { describeOnRedis } from '../support/redis'
import { cloud } from '../support/site'
import { eventually } from '../support/world'
import type { Simulator } from '../../lib/simulator'

/** Visitors who have a session, those who have none, and those who want no captcha at all, of each so many. */
const EACH = 10

describeOnRedis('the demo, with sessions and tickets in a Redis that is frozen', (server) => {
  let simulator: Simulator
  let demo: Demo
  beforeAll(async () => {
    simulator = await cloud()
    const { captchaId: GEETEST_ID, privateKey: GEETEST_KEY, url: GEETEST_API_SERVER } = simulator
    const env = { REDIS_URL: `redis://127.0.0.1:${server.port}`, GEETEST_ID, GEETEST_KEY, GEETEST_API_SERVER }
    demo = await startDemo(env, 'demo/server.ts')
  }, 60_000)
  afterAll(() => demo?.stop())

  async function solved() {
    const agent = request.agent(demo.url)
    const { body } = await agent.get('/getcaptcha').expect(200)
    return { agent, answer: { username: 'demo', password: 'demo', ...simulator.answer(body.challenge) } }
  }
  const times = <T>(act: () => Promise<T>) => Promise.all(Array.from({ length: EACH }, act))

  // Falls when: some part of a visitor's request waits for Redis as long as that hangs. It hangs until all are answered.
  test('answers every request all the same: 503, and the scripts as ever; and nobody is logged in twice by it', async () => {
    const visitors = await times(solved)
    const begun = await solved()
    const underWay = begun.agent.post('/login').send(begun.answer)
    const login = underWay.then(({ status }) => status)
    server.freeze()
    const known = await Promise.all(visitors.map(({ agent, answer }) => agent.post('/login').send(answer)))
    const issues = await times(async () => request(demo.url).get('/getcaptcha'))
    const pages = await Promise.all(visitors.map(({ agent }) => agent.get('/mode')))
    const files = await times(async () => request(demo.url).get('/gt.js'))
    expect(known.map(({ status, body }) => `${status} ${body.code}`)).toEqual(Array(EACH).fill('503 store_error'))
    expect(issues.map(({ status }) => status)).toEqual(Array(EACH).fill(503))
    expect(pages.map(({ status }) => status)).toEqual(Array(EACH).fill(503))
    expect(files.map(({ status }) => status)).toEqual(Array(EACH).fill(200))
    expect([200, 503]).toContain(await login)
    server.thaw()

    await eventually(async () => (await request(demo.url).get('/getcaptcha')).status === 200)
    const { agent, answer } = await solved()
    await agent.post('/login').send(answer).expect(200)
    await agent.post('/login').send(answer).expect(403)
  })
})
