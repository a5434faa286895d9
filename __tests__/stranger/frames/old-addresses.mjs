import { done, simulator } from './support/cloud.mjs'
import { site } from './support/site.mjs'
import supertest from 'supertest'

const { app, captcha } = site()
// ── the block ──
const agent = supertest.agent(app)
const { body } = await agent.get('/register').expect(200).expect('Cache-Control', 'no-store')
await agent.post('/old-validate').send(simulator.answer(body.challenge)).expect(200, { result: 'success' })
await agent.post('/old-validate').expect(403)
done()
