import { once } from 'node:events'
import { simulator } from './support/cloud.mjs'
import { site } from './support/site.mjs'

const { app, captcha } = site()
const server = app.listen(0)
await once(server, 'listening')
// ── the block ──
await simulator.stop()
process.kill(process.pid, 'SIGTERM')
// That the process ends by itself is what this frame waits for.
