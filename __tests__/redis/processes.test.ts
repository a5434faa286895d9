import { randomUUID } from 'node:crypto'
import request from 'supertest'
import type { Simulator } from '../../lib/simulator'
import { startNodes, type Nodes } from '../../soak/nodes'
import type { Guarded } from '../../soak/site'
import { describeOnRedis } from '../support/redis'
import { cloud } from '../support/site'
import { work } from '../support/work'

describeOnRedis('three server processes on one Redis', (server) => {
  let simulator: Simulator
  let nodes: Nodes
  let urls: string[]
  const crashes: string[] = []

  beforeAll(async () => {
    simulator = await cloud()
    const { captchaId: GEETEST_ID, privateKey: GEETEST_KEY, url: GEETEST_API_SERVER } = simulator
    const env = { REDIS_URL: `redis://127.0.0.1:${server.port}`, GEETEST_ID, GEETEST_KEY, GEETEST_API_SERVER }
    nodes = await startNodes(3, env, { told: () => undefined, crashed: (_, how) => void crashes.push(how) })
    urls = nodes.lives.map(({ port }) => `http://127.0.0.1:${port}`)
  }, 60_000)
  afterAll(() => nodes.stop())
  afterEach(() => expect(crashes).toEqual([]))

  /** A visitor who has fetched a challenge at the first node; what they send goes to any. */
  async function visitor() {
    const { body, headers } = await request(urls[0] as string)
      .get('/getcaptcha')
      .expect(200)
    const cookie = String(headers['set-cookie']?.[0]).split(';')[0] as string
    const post = (node: number, path: string, fields?: object) =>
      request(urls[node % 3] as string)
        .post(path)
        .set({ Cookie: cookie, Accept: 'application/json', 'X-Request-Id': randomUUID() })
        .send(fields)
    return { challenge: String(body.challenge), success: Number(body.success), post }
  }

  /** 50 posts at once, spread over all nodes. Answers how many got which code. */
  async function burst(post: Awaited<ReturnType<typeof visitor>>['post'], path: Guarded, fields?: object) {
    const replies = await Promise.all(Array.from({ length: 50 }, (_, i) => post(i, path, fields)))
    const counts: Record<string, number> = {}
    for (const { body } of replies) counts[body.code ?? body.result] = (counts[body.code ?? body.result] ?? 0) + 1
    return counts
  }

  test('let one of 50 parallel posts of one answer pass', async () => {
    const { challenge, post } = await visitor()
    const counts = await burst(post, '/login', simulator.answer(challenge))
    expect(counts).toEqual({ success: 1, replayed: 49 })
  })

  test('let one of 50 parallel posts spend a pass', async () => {
    const { challenge, post } = await visitor()
    await post(1, '/validate', simulator.answer(challenge)).expect(200, { result: 'success' })
    expect(await burst(post, '/login')).toEqual({ success: 1, missing: 49 })
  })

  test('let a guard with three uses be opened three times, whoever asks where', async () => {
    const { challenge, post } = await visitor()
    await post(1, '/login/again', simulator.answer(challenge)).expect(200)
    expect(await burst(post, '/login/again')).toEqual({ success: 2, missing: 48 })
  })

  describe('in an outage that one of them has found out', () => {
    const isUp = async (node: number) => (await request(urls[node] as string).get('/status')).body.mode === 'up'

    beforeAll(async () => {
      await simulator.fault('500')
      while (await isUp(0))
        await request(urls[0] as string)
          .get('/getcaptcha')
          .expect(200)
    })

    test.each([0, 1, 2])('node %i knows of it without a call of its own', async (node) => {
      while (await isUp(node));
      simulator.forget()
      expect((await request(urls[node] as string).get('/getcaptcha')).body.success).toBe(0)
      // What looks whether the cloud is back tells nothing of a visitor.
      expect(simulator.calls.filter(({ params }) => params.user_id !== undefined)).toEqual([])
    })

    test('let one of 50 parallel posts of one piece of work pass', async () => {
      const { challenge, success, post } = await visitor()
      expect(success).toBe(0)
      expect(await burst(post, '/login', work(challenge))).toEqual({ success: 1, replayed: 49 })
    })
  })
})
