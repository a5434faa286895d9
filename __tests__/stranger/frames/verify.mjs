import { done } from './support/cloud.mjs'
import { site, solve } from './support/site.mjs'

const { app, captcha } = site()
// ── the block ──
app.use((error, req, res, next) => res.status(error.status).json({ code: error.code }))
const { agent, answer } = await solve(app)
await agent.post('/comment').send(answer).expect(200, { result: 'success', via: 'answer' })
await agent.post('/comment').send(answer).expect(403, { code: 'replayed' })
done()
