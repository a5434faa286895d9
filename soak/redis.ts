import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'redis'

/** A redis-server of this run alone, which can be made to fail in the ways that a real one does. */
export interface Redis {
  readonly url: string
  /** SIGKILL. Everything in it is lost: nothing is written to disk. */
  kill(): Promise<void>
  /** Starts it again, on the same port. Resolves when it takes connections. */
  start(): Promise<void>
  /** SIGSTOP and SIGCONT: sockets stay open, and nobody answers. */
  hang(hanging: boolean): void
  /** Refuses every write for want of memory. */
  fill(full: boolean): Promise<void>
  /** Bytes of its data. */
  memory(): Promise<number>
}

const PROGRAM = process.env.REDIS_SERVER ?? 'redis-server'

export const hasRedis = (): boolean => spawnSync(PROGRAM, ['--version']).status === 0

/** @throws Error with what it printed, if it does not start */
export async function startRedis(): Promise<Redis> {
  const dir = mkdtempSync(join(tmpdir(), 'soak-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const options = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir }
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
    const started = spawn(PROGRAM, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    let printed = ''
    await new Promise<void>((resolve, reject) => {
      started.once('exit', () => reject(new Error(`redis-server ended before it was ready: ${printed}`)))
      started.stdout.on('data', (text: Buffer) => {
        printed = (printed + text.toString()).slice(-2000)
        if (printed.includes('Ready to accept connections')) resolve()
      })
    })
  }

  /** A connection for one question, so that none is left to find its way back. */
  async function ask<T>(question: (client: ReturnType<typeof connection>) => Promise<T>): Promise<T> {
    const client = connection(url)
    client.on('error', () => {})
    await client.connect()
    return question(client).finally(() => client.destroy())
  }

  async function kill(): Promise<void> {
    const killed = child
    child = undefined
    if (killed === undefined || killed.exitCode !== null || killed.signalCode !== null) return
    const ended = once(killed, 'exit')
    killed.kill('SIGKILL')
    await ended
  }

  process.once('exit', () => {
    child?.kill('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  })
  await start()
  return {
    url,
    kill,
    start,
    hang: (hanging) => void child?.kill(hanging ? 'SIGSTOP' : 'SIGCONT'),
    fill: (full) => ask(async (client) => void (await client.configSet('maxmemory', full ? '1' : '0'))),
    memory: () => ask(async (client) => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1])),
  }
}

const connection = (url: string) => createClient({ url, socket: { reconnectStrategy: false } })

/** Below the range that outgoing connections take theirs from: nobody may have it while Redis is away. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const server = createServer().listen(port, '127.0.0.1')
    const free = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ])
    if (free) await new Promise((resolve) => void server.close(resolve))
    if (free) return port
  }
}
