import assert from 'node:assert'
import express from 'express'
import session from 'express-session'
import { geetest } from 'express-geetest'
import supertest from 'supertest'
import { apiServer, captchaId, done, privateKey, simulator } from './support/cloud.mjs'

const warned = []
console.warn = (...words) => warned.push(words.join(' '))
// ── the block ──
const app = express()
app.use(session({ secret: 'a secret of these tests', resave: false, saveUninitialized: false }), captcha)
app.post('/login', captcha.validate(), (req, res) => res.end('in'))
await simulator.fault('error-code', { endpoint: 'validate4', code: '-50005', calls: 1 })
await supertest(app).post('/login').send(simulator.answerV4()).expect(403)
await supertest(app).post('/login').send(simulator.answerV4()).expect(200)
assert.deepEqual(warned, ['captcha: rejected -50005'])
done()
