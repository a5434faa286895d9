import assert from 'node:assert'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createClient } from 'redis'
import { simulator } from './support/cloud.mjs'
import { site } from './support/site.mjs'

const free = createServer().listen(0, '127.0.0.1')
await once(free, 'listening')
const { port } = free.address()
free.close()
const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
const redis = spawn(process.env.REDIS_SERVER, args, { stdio: ['ignore', 'pipe', 'ignore'] })
for await (const text of redis.stdout) if (/Ready to accept/.test(text)) break
redis.unref()
redis.stdout.destroy()
process.on('exit', () => redis.kill())
const client = createClient({ url: `redis://127.0.0.1:${port}` })
await client.connect()
process.env.DRAIN_MS = '200'

const { app, captcha } = site()
const server = app.listen(0)
await once(server, 'listening')
// ── the block ──
await simulator.stop()
process.kill(process.pid, 'SIGTERM')
while (captcha.ready) await new Promise(setImmediate)
assert.equal((await captcha.health()).status, 'closing')
const reply = await fetch(`http://127.0.0.1:${server.address().port}/gt.js`)
assert.deepEqual([reply.status, reply.headers.get('connection')], [200, 'close'])
// That the process ends by itself is what this frame waits for.
