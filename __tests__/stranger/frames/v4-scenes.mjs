import express from 'express'
import session from 'express-session'
import { geetest } from 'express-geetest'
import { createSimulator } from 'express-geetest/simulator'
import { done, simulator } from './support/cloud.mjs'
import { solve } from './support/site.mjs'

const other = createSimulator()
await other.start()
Object.assign(process.env, {
  GEETEST4_ID: other.captchaId,
  GEETEST4_KEY: other.privateKey,
  GEETEST4_API_SERVER: other.url,
})
const app = express()
app.use(session({ secret: 'a secret of these tests', resave: false, saveUninitialized: false }))
// ── the block ──
const { agent, answer } = await solve(app)
const answer4 = other.answerV4()
await agent.post('/login').send(answer4).expect(403)
await agent.post('/comment').send(answer4).expect(200, 'Published')
await agent.post('/login').send(answer).expect(200, 'Welcome')
await agent.post('/login').send(simulator.answerV4()).expect(403)
done()
