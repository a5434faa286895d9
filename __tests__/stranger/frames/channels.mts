import assert from 'node:assert'
import express, { type ErrorRequestHandler } from 'express'
import session from 'express-session'
import { geetest } from 'express-geetest'
import { createSimulator } from 'express-geetest/simulator'
import supertest from 'supertest'

const warned: string[] = []
console.warn = (text: string) => void warned.push(text)
// ── the block ──
const simulator = createSimulator()
await simulator.start()
const { captchaId, privateKey, url: apiServer } = simulator
const captcha = geetest({ captchaId, privateKey, apiServer, scene: 'login' })
const app = express().use(session({ secret: 'test', resave: false, saveUninitialized: false }), captcha)
app.post('/login', captcha.validate(), (_req, res) => void res.end('in'))
const asText: ErrorRequestHandler = (error, _req, res, _next) => void res.status(error.status).end(error.code)
app.use(asText)

const agent = supertest.agent(app)
const { body } = await agent.get('/getcaptcha').expect(200)
const answer = simulator.answer(body.challenge)
await agent.post('/login').send(answer).expect(200)
assert.deepEqual(warned, [])
await agent.post('/login').send(answer).expect(403)
assert.deepEqual(warned, ['login: somebody sent an answer again'])
await simulator.stop()
