import express from 'express'
import session from 'express-session'
import { geetest } from 'express-geetest'
import { apiServer, captchaId, done, privateKey } from './support/cloud.mjs'
import { solve } from './support/site.mjs'

// ── the block ──
const app = express()
app.use(session({ secret: 'a secret of these tests', resave: false, saveUninitialized: false }), captcha)
app.post('/login', captcha.validate(), (req, res) => res.end('in'))
app.use((error, req, res, next) => res.status(error.status).json({ code: error.code }))
const { agent, answer } = await solve(app)
oldAge()
await agent.post('/login').send(answer).expect(403, { code: 'expired' })
done()
