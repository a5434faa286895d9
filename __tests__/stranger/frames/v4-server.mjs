import assert from 'node:assert'
import supertest from 'supertest'
import { anyPort } from './support/any-port.mjs'
import { apiServer, captchaId, done, privateKey, simulator } from './support/cloud.mjs'

Object.assign(process.env, { GEETEST4_ID: captchaId, GEETEST4_KEY: privateKey, GEETEST4_API_SERVER: apiServer })
const address = anyPort()
// ── the block ──
const agent = supertest.agent(await address)
const { body } = await agent.get('/getcaptcha').expect(200)
assert.equal(body.version, 4)
const answer = simulator.answerV4()
await agent.post('/login').send(answer).expect(200, 'Welcome')
await agent.post('/login').send(answer).expect(403)
done()
