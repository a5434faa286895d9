import { done } from './support/cloud.mjs'
import { site, solve } from './support/site.mjs'

const { app, captcha } = site()
// ── the block ──
const { agent, answer } = await solve(app)
await agent
  .post('/graphql')
  .send({ query: '…', variables: { captcha: answer } })
  .expect(200, { captcha: {} })
await agent.post('/graphql').send({ query: '…' }).expect(403)
done()
