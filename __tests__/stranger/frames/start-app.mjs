import { anyPort } from './support/any-port.mjs'
import { done } from './support/cloud.mjs'
import { solve } from './support/site.mjs'

const address = anyPort()
// ── the block ──
const { agent, answer } = await solve(await address)
await agent.post('/login').send(answer).expect(200, 'Welcome')
await agent.post('/login').send(answer).expect(403)
done()
