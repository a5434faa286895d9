import { done, simulator } from './support/cloud.mjs'
import supertest from 'supertest'

process.env.PORT = '0'
// ── the block ──
const agent = supertest.agent(fastify.server)
const { body } = await agent.get('/getcaptcha').expect(200)
const answer = { ...simulator.answer(body.challenge), username: 'demo' }
await agent.post('/login').send(answer).expect(200, { result: 'success', username: 'demo' })
await agent.post('/login').send(answer).expect(403, { code: 'replayed' })
await agent.post('/login').type('form').send(answer).expect(403, { code: 'replayed' })
done()
