import express from 'express'
import session from 'express-session'
import { geetest } from 'express-geetest'
import supertest from 'supertest'
import { apiServer, captchaId, done, privateKey } from './support/cloud.mjs'

// ── the block ──
captcha.force({ mode: 'down', reason: 'to meet the provider', seconds: 60 })
const app = express()
app.use(session({ secret: 'a secret of these tests', resave: false, saveUninitialized: false }), captcha)
app.post('/login', captcha.validate(), (req, res) => res.end(req.geetest.mode))
app.use((error, req, res, next) => res.status(error.status).end(error.code))

const agent = supertest.agent(app)
async function send(answerOf) {
  const { body } = await agent.get('/getcaptcha').expect(200)
  const [, script, a, b] = body.challenge.split('.')
  const geetest_validate = answerOf(Number(a), Number(b))
  return agent.post('/login').send({ geetest_challenge: body.challenge, geetest_validate, geetest_seccode: script })
}
await send((a, b) => String(a + b)).then((reply) => reply.text === 'arithmetic' || process.exit(1))
await send((a, b) => String(a + b + 1)).then((reply) => reply.text === 'downtime_unsolved' || process.exit(2))
done()
