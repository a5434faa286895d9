import assert from 'node:assert'
import supertest from 'supertest'
import { anyPort } from './support/any-port.mjs'
import { done, simulator } from './support/cloud.mjs'

const { env } = process
Object.assign(env, {
  GEETEST4_ID: env.GEETEST_ID,
  GEETEST4_KEY: env.GEETEST_KEY,
  GEETEST4_API_SERVER: env.GEETEST_API_SERVER,
})
const address = anyPort()
// ── the block ──
const agent = supertest.agent(await address)
const { body } = await agent.get('/getcaptcha').expect(200)
assert.equal(body.version, 4)
const answer = simulator.answerV4()
await agent.post('/login').send(answer).expect(200, 'Welcome')
await agent.post('/login').send(answer).expect(403)
done()
