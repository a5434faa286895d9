import type { Express } from 'express'
import request from 'supertest'
import type { GeetestEvent } from '../../lib'
import { RedisStore } from '../../lib/redis-store'
import { describeOnRedis } from '../support/redis'
import { cloud, credentials, site } from '../support/site'
import { fakeWorld, until } from '../support/world'

/** Two probes and a half. */
const WATCH_MS = 12_000
const STEP_MS = 250

describeOnRedis('ten nodes on one Redis', (server) => {
  test('learn of an outage at once, and probe at most once per interval in all', async () => {
    const simulator = await cloud()
    const world = fakeWorld()
    const changes: GeetestEvent[] = []
    const onEvent = (event: GeetestEvent) => void (event.type === 'cloud' && changes.push(event))
    const nodes = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const store = new RedisStore((await server.connect()).client, { timeout: 30_000 })
        return { store, ...site({ ...credentials(simulator), store, downtime: 'failback', onEvent }, world) }
      }),
    )
    await simulator.fault('500', { endpoint: 'register' })
    for (let i = 0; i < 3; i++)
      await request(nodes[0]?.app as Express)
        .get('/getcaptcha')
        .expect(200)
    await until(() => changes.length === 10)
    simulator.forget()
    for (const { app } of nodes) expect((await request(app).get('/getcaptcha')).body.success).toBe(0)
    expect(simulator.calls).toEqual([])

    for (let ms = 0; ms < WATCH_MS; ms += STEP_MS) {
      const probes = simulator.calls.length
      world.advance(STEP_MS)
      await server.elapse(STEP_MS)
      // A node whose turn it was waits again once it has asked Redis, and the cloud if it may.
      await until(() => world.waiting >= nodes.length)
      expect(simulator.calls.length - probes).toBeLessThanOrEqual(1)
    }
    expect(simulator.calls.length).toBeGreaterThanOrEqual(1)
    expect(simulator.calls.length).toBeLessThanOrEqual(2)
    expect(nodes.every(({ captcha }) => captcha.status.mode === 'down')).toBe(true)

    for (const { captcha, store } of nodes) {
      captcha.close()
      store.close()
    }
  })
})
