import assert from 'node:assert'
import express from 'express'
import supertest from 'supertest'
import { done } from './support/cloud.mjs'
import { site, solve } from './support/site.mjs'

const app = express()
// ── the block ──
const { app: guarded, captcha } = site({ scene: 'login' })
app.use(guarded)
app.post('/login', captcha.validate(), (req, res) => res.end('in'))
const { agent, answer } = await solve(app)
await agent.post('/login').send(answer).expect(200)
const { text } = await supertest(app)
  .get('/metrics')
  .expect(200)
  .expect('Content-Type', /text\/plain; version/)
for (const sample of [
  'geetest_issue_total{scene="login",mode="online"} 1',
  'geetest_verify_total{scene="login",mode="online",outcome="ok"} 1',
  'geetest_upstream_seconds_count{scene="login",call="validate",outcome="ok"} 1',
  'geetest_mode{scene="login"} 1',
])
  assert(text.split('\n').includes(sample), `${sample} is not in\n${text}`)
done()
