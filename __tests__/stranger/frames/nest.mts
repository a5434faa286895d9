import { done, simulator } from './support/cloud.mjs'
import supertest from 'supertest'

process.env.PORT = '0'
// ── the block ──
const agent = supertest.agent(app.getHttpServer())
const { body } = await agent.get('/getcaptcha').expect(200)
const answer = simulator.answer(body.challenge)
await agent.post('/login').send(answer).expect(200, { result: 'success' })
await agent.post('/login').send(answer).expect(403, { code: 'replayed' })
done()
