// The server of one contender, in a process of its own: what it uses is what that contender costs.
import { once } from 'node:events'
import { serve } from './child.mjs'

const [name, apiServer, redisUrl] = process.argv.slice(2)
const { open } = await import(`./contenders/${name}.mjs`)
const app = await open({ ...(await import('./site.mjs')).keys, apiServer, redisUrl })
const server = app.listen(0, '127.0.0.1')
server.keepAliveTimeout = 120_000
await once(server, 'listening')

serve({ port: server.address().port }, ({ collect }) => {
  if (collect) globalThis.gc()
  const { user, system } = process.cpuUsage()
  return { cpu: user + system, heap: process.memoryUsage().heapUsed }
})
