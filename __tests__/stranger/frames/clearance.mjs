import { done } from './support/cloud.mjs'
import { site, solve } from './support/site.mjs'

const { app, captcha } = site()
const login = (req, res) => res.json(req.geetest.left)
// ── the block ──
const { agent, answer } = await solve(app)
await agent.post('/login').send(answer).expect(200, '2')
await agent.post('/login').expect(200, '1')
await agent.post('/login').expect(200, '0')
await agent.post('/login').expect(403)
done()
