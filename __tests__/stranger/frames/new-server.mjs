import { done } from './support/cloud.mjs'
import { solve } from './support/site.mjs'

// ── the block ──
const { agent, answer } = await solve(app, '/gt')
await agent.post('/login').send(answer).expect(200, { result: 'success' })
await agent.post('/login').send(answer).expect(403)
done()
