import assert from 'node:assert'
import { once } from 'node:events'
import { done, simulator } from './support/cloud.mjs'
import { site } from './support/site.mjs'

const { app, captcha } = site()
app.post('/login', captcha.validate(), (req, res) => res.end('in'))
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')

async function call(method, path, json, cookie = '') {
  const headers = { 'Content-Type': 'application/json', cookie }
  const body = json && JSON.stringify(json)
  const reply = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { method, headers, body })
  const text = await reply.text()
  return { status: reply.status, headers: reply.headers, body: text.startsWith('{') ? JSON.parse(text) : text }
}
const vendorSdk = async ({ challenge }) => simulator.answer(challenge)
const username = 'demo'
const password = 'demo'
// ── the block ──
assert.equal(status, 200)
done()
