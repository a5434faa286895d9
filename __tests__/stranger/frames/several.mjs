import assert from 'node:assert'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import express from 'express'
import session from 'express-session'
import { geetest } from 'express-geetest'
import { apiServer, captchaId, done, privateKey, simulator } from './support/cloud.mjs'

const free = createServer().listen(0, '127.0.0.1')
await once(free, 'listening')
const { port } = free.address()
free.close()
const redis = spawn(process.env.REDIS_SERVER, [
  '--port',
  String(port),
  '--bind',
  '127.0.0.1',
  '--save',
  '',
  '--appendonly',
  'no',
])
for await (const text of redis.stdout) if (/Ready to accept/.test(text)) break
process.on('exit', () => redis.kill())
process.env.REDIS_URL = `redis://127.0.0.1:${port}`
const app = express()
// ── the block ──
app.post('/login', captcha.validate(), (req, res) => res.end('in'))
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const address = `http://127.0.0.1:${server.address().port}`
// As the balancer sends it on.
const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '192.0.2.1', 'Content-Type': 'application/json' }
const issued = await fetch(`${address}/getcaptcha`, { headers })
const cookie = issued.headers.get('set-cookie').split(';')[0]
const body = JSON.stringify(simulator.answer((await issued.json()).challenge))
const send = () => fetch(`${address}/login`, { method: 'POST', headers: { ...headers, cookie }, body })
const codes = await Promise.all([send(), send(), send()].map(async (reply) => (await reply).status))
assert.deepEqual(codes.toSorted(), [200, 403, 403])
// Frozen: it accepts whatever is asked and answers nothing, until everybody has an answer.
redis.kill('SIGSTOP')
const met = await Promise.all([send(), send(), fetch(`${address}/getcaptcha`, { headers }), fetch(`${address}/gt.js`)])
redis.kill('SIGCONT')
assert.deepEqual(
  met.map(({ status }) => status),
  [503, 503, 503, 200],
)
redis.kill()
done()
