/** @express4 mounting */
import express from 'express'
import request from 'supertest'
import { geetest } from '../../lib'
import { createSimulator, type Simulator } from '../../lib/simulator'
import { sessions } from '../support/site'

const PAGE = 'https://app.example.com'

describe('routes and pages of other origins', () => {
  let simulator: Simulator
  let app: express.Express

  beforeAll(async () => {
    simulator = createSimulator()
    await simulator.start()
    const { captchaId, privateKey, url: apiServer } = simulator
    const captcha = geetest({ captchaId, privateKey, apiServer, origins: [PAGE], timeout: 30_000 })
    app = express()
    app.use(sessions())
    app.use(captcha)
    app.post('/login', captcha.validate({ uses: 3 }), (_req, res) => void res.send('welcome'))
  })
  afterAll(() => simulator.stop())

  it('are open to those that origins names, with cookies and the headers that the helper reads', async () => {
    const { headers } = await request(app).get('/getcaptcha').set('Origin', PAGE)
    expect(headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'X-Geetest, X-Geetest-Left, Retry-After',
      'x-geetest': 'challenge',
    })
  })

  it('answer the question that comes before JSON', async () => {
    const reply = await request(app).options('/validate').set('Origin', PAGE)
    expect([reply.status, reply.headers['access-control-allow-headers']]).toEqual([204, 'Content-Type'])
  })

  it.each(['https://evil.example', 'null'])('are not open to %s', async (origin) => {
    const { headers } = await request(app).get('/getcaptcha').set('Origin', origin)
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('a guard with uses says how many are left', async () => {
    const agent = request.agent(app)
    const { body } = await agent.get('/getcaptcha')
    const reply = await agent.post('/login').send(simulator.answer(body.challenge))
    const second = await agent.post('/login').send({})
    expect([reply.headers['x-geetest-left'], second.headers['x-geetest-left']]).toEqual(['2', '1'])
  })
})
