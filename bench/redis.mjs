// A redis-server of the benchmark's own, in memory alone.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** @returns its address and the way to end it; `undefined` where there is no redis-server */
export async function startRedis() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'))
  const port = await freePort()
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: folder }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = async () => {
    if (server.exitCode === null && server.pid !== undefined && server.kill()) await once(server, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    // Rejects where the program is not there.
    await once(server, 'spawn')
    for await (const text of server.stdout) if (String(text).includes('Ready to accept')) break
    return { url: `redis://127.0.0.1:${port}`, stop }
  } catch {
    await stop()
    return undefined
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
