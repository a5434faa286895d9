import assert from 'node:assert'
import { done } from './support/cloud.mjs'
import { site, solve } from './support/site.mjs'

const { app, captcha } = site()
app.post('/login', captcha.validate(), (req, res) => res.end('in'))
// ── the block ──
const { agent, answer } = await solve(app)
await agent.post('/login').send(answer).expect(200, 'in')
const { body } = await agent.post('/login').send(answer).expect(403)
assert.equal(body.code, 'replayed')
done()
