import { once } from 'node:events'
import type { Express } from 'express'
import request from 'supertest'
import type { GeetestEvent } from '../../lib'
import { RedisStore } from '../../lib/redis-store'
import { cloud, credentials, site } from '../support/site'
import { describeOnRedis } from '../support/redis'
import { until } from '../support/world'

/** Two probes and a half: Redis's own clock decides who may probe, so no clock of the test's can. */
const WATCH_MS = 12_000

describeOnRedis('ten nodes on one Redis', (server) => {
  test('learn of an outage at once, and probe at most once per interval in all', async () => {
    const simulator = await cloud()
    const changes: GeetestEvent[] = []
    const onEvent = (event: GeetestEvent) => void (event.type === 'cloud' && changes.push(event))
    const nodes = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const store = new RedisStore((await server.connect()).client)
        return { store, ...site({ ...credentials(simulator), store, downtime: 'failback', onEvent }) }
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

    await once(AbortSignal.timeout(WATCH_MS), 'abort')
    expect(simulator.calls.length).toBeGreaterThanOrEqual(1)
    expect(simulator.calls.length).toBeLessThanOrEqual(2)
    expect(nodes.every(({ captcha }) => captcha.status.mode === 'down')).toBe(true)

    for (const { captcha, store } of nodes) {
      captcha.close()
      store.close()
    }
  }, 30_000)
})
