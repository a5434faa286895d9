/** @express4 mounting, scripts */
import express from 'express'
import request from 'supertest'
import { geetest, MemoryStore } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, ending, sessions, site, solve, visitor } from '../support/site'

describe('a plugin that is closed', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  test('says so: it is not ready, and closing whatever else there is to say', async () => {
    const { captcha } = site(credentials(simulator))
    expect([captcha.ready, (await captcha.health()).status]).toEqual([true, 'ok'])
    captcha.close()
    captcha.close()
    expect([captcha.ready, (await captcha.health()).status]).toEqual([false, 'closing'])
  })

  test('is ready until then, also in an outage, and with a store that fails', async () => {
    const store = new MemoryStore()
    store.take = () => Promise.reject(new Error('away')) as never
    const { captcha } = site({ ...credentials(simulator), store })
    captcha.force({ mode: 'down', reason: 'drill', seconds: 60 })
    expect([captcha.ready, (await captcha.health()).status]).toEqual([true, 'failing'])
  })

  test('still serves, and asks every connection to end with its answer', async () => {
    const { app, captcha } = site(credentials(simulator))
    const agent = visitor(app)
    const answer = await solve(agent, simulator)
    const kept = { Connection: 'keep-alive' }
    const before = await agent.get('/gt.js').set(kept)
    captcha.close()
    const login = await agent.post('/login').set(kept).send(answer).expect(200)
    const issue = await agent.get('/getcaptcha').set(kept).expect(200)
    const elsewhere = await agent.get('/elsewhere').set(kept).expect(404)
    expect(before.headers.connection).not.toBe('close')
    expect([login, issue, elsewhere].map(({ headers }) => headers.connection)).toEqual(['close', 'close', 'close'])
  })
})

test('captcha.scripts serves the scripts in front of a session that nobody gets', async () => {
  const captcha = ending(geetest({ captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'kept' }))
  const app = express()
  app.use('/captcha', captcha.scripts)
  app.use((_req, res) => void res.status(503).end())
  app.use(sessions(), captcha)
  for (const file of ['gt.js', 'geetest-form.js', 'gt4.js', 'gt4-form.js', 'gt-offline.js', 'gt4-offline.js']) {
    await request(app)
      .get(`/captcha/${file}`)
      .expect(200)
      .expect('Content-Type', /javascript/)
  }
  await request(app).get('/captcha/getcaptcha').expect(503)
})
