import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cluster, Redis as IoRedis } from 'ioredis'
import { Redis as IoRedis5 } from 'ioredis5'
import { createClient } from 'redis'
import { createClient as createClient5 } from 'redis5'
import type { RedisClient } from '../../lib/redis-store'
import { describeWith, findProgram } from './program'

const ADVICE = 'no redis-server found: install Debian\'s "redis-server" or set REDIS_SERVER to the program'

/** A redis-server of this test file's own. */
export interface RedisServer {
  readonly port: number
  readonly pid: number
  /** Starts it again, on the same port. */
  start(): Promise<void>
  /** Kills it: everything in it is lost. */
  kill(): Promise<void>
  /** It accepts connections and commands, and answers nothing until `thaw`. */
  freeze(): void
  thaw(): void
  /** A client that is connected, and closed after the tests. `credentials`: `user:password@`. */
  connect(kind?: ClientKind, credentials?: string): Promise<Connected>
  /** Sends a command as it stands. */
  send(...command: string[]): Promise<unknown>
  /** Lets that time pass for all that is kept in it, without waiting for it. */
  elapse(ms: number): Promise<void>
}

/** Every record that is to expire does so that much earlier. */
const ELAPSE = `
  for _, key in ipairs(redis.call('KEYS', '*')) do
    local left = redis.call('PTTL', key)
    if left >= 0 then redis.call('PEXPIRE', key, left - tonumber(ARGV[1])) end
  end`

/** A client and what differs between them. */
export interface Connected {
  readonly client: RedisClient
  readonly send: (...command: string[]) => Promise<unknown>
  readonly close: () => Promise<unknown>
}

async function nodeRedis(create: typeof createClient, url: string, again?: number): Promise<Connected> {
  const client = create({ url, ...(again !== undefined && { socket: { reconnectStrategy: () => again } }) })
  client.on('error', () => undefined)
  await client.connect()
  return {
    client,
    send: (...command) => client.sendCommand(command),
    close: async () => client.isOpen && client.destroy(),
  }
}

async function ioRedis(Client: typeof IoRedis, url: string, again?: number): Promise<Connected> {
  const client = new Client(url, again === undefined ? {} : { retryStrategy: () => again })
  client.on('error', () => undefined)
  await once(client, 'ready')
  const send = (...[name, ...args]: string[]) => client.call(String(name), args)
  const close = () => {
    // While it is reconnecting it ends without saying so.
    const ended = client.status === 'ready' && once(client, 'end')
    client.disconnect()
    return Promise.resolve(ended)
  }
  return { client, send, close }
}

const CLIENTS = {
  'node-redis 6': (url: string, again?: number) => nodeRedis(createClient, url, again),
  'node-redis 5': (url: string, again?: number) =>
    nodeRedis(createClient5 as unknown as typeof createClient, url, again),
  'ioredis 6': (url: string, again?: number) => ioRedis(IoRedis, url, again),
  'ioredis 5': (url: string, again?: number) => ioRedis(IoRedis5 as unknown as typeof IoRedis, url, again),
}

export type ClientKind = keyof typeof CLIENTS
export const clientKinds = Object.keys(CLIENTS) as ClientKind[]

/**
 * A client on another port, as on a proxy's.
 * @param again milliseconds until it connects anew; else as is its habit
 */
export const connectTo = (kind: ClientKind, port: number, again?: number): Promise<Connected> =>
  CLIENTS[kind](`redis://127.0.0.1:${port}`, again)

/** Below what the system hands out for outgoing connections, so that it is still free for a restart. */
const somePort = (): number => 20_000 + Math.floor(Math.random() * 12_000)

/** Resolves once it accepts connections, and rejects where it ends before. */
async function launch(program: string, port: number, dir: string, more: readonly string[]): Promise<ChildProcess> {
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir]
  const server = spawn(program, [...flags, ...more], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error(`redis-server did not start:\n${said}`)))
    const hear = (text: Buffer): void => {
      said += text.toString()
      if (said.includes('eady to accept connections')) resolve()
    }
    server.stdout.on('data', hear)
    server.stderr.on('data', hear)
  })
  return server
}

function control(program: string, more: readonly string[]): RedisServer & { end(): Promise<void> } {
  const clients: Connected[] = []
  let running: ChildProcess | undefined
  let port = 0
  let dir = ''
  let own: Promise<Connected> | undefined

  const server = {
    get port() {
      return port
    },
    get pid() {
      return Number(running?.pid)
    },
    async start() {
      dir ||= mkdtempSync(join(tmpdir(), 'geetest-redis-'))
      for (let left = 5; running === undefined; left--) {
        const wanted = port || somePort()
        running = await launch(program, wanted, dir, more).catch((error: unknown) => {
          if (port !== 0 || left === 0) throw error
          return undefined
        })
        if (running !== undefined) port = wanted
      }
    },
    async kill() {
      // It may have been killed by others.
      const ended = running?.signalCode === null && running.exitCode === null && once(running, 'exit')
      running?.kill('SIGKILL')
      running = undefined
      await ended
    },
    freeze: () => void running?.kill('SIGSTOP'),
    thaw: () => void running?.kill('SIGCONT'),
    async connect(kind: ClientKind = 'node-redis 6', credentials = '') {
      const connected = await CLIENTS[kind](`redis://${credentials}127.0.0.1:${port}`)
      clients.push(connected)
      return connected
    },
    async send(...command: string[]) {
      own ??= server.connect()
      return (await own).send(...command)
    },
    async elapse(ms: number) {
      await server.send('EVAL', ELAPSE, '0', String(ms))
    },
    async end() {
      server.thaw()
      await Promise.all(clients.map(({ close }) => close()))
      await server.kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return server
}

/**
 * A `describe` with a redis-server of its own. Without the program the tests fail under CI and are skipped, aloud,
 * elsewhere.
 */
export function describeOnRedis(
  name: string,
  define: (server: RedisServer) => void,
  flags: readonly string[] = [],
): void {
  const program = findProgram(process.env.REDIS_SERVER, 'redis-server')
  const declare = describeWith(program, name, ADVICE)

  declare(name, () => {
    const server = control(program ?? '', flags)
    beforeAll(async () => {
      if (program === undefined) throw new Error(ADVICE)
      await server.start()
    })
    afterAll(() => server.end())
    define(server)
  })
}

const CLUSTER = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']

/** The same with a cluster of one node, which minds hash slots as any other does. */
export function describeOnCluster(name: string, define: (connect: () => Promise<Cluster>) => void): void {
  const onServer = (server: RedisServer): void => {
    const clients: Cluster[] = []
    beforeAll(() => server.send('CLUSTER', 'ADDSLOTSRANGE', '0', '16383'))
    afterAll(() => clients.forEach((client) => client.disconnect()))
    define(async () => {
      const client = new Cluster([{ host: '127.0.0.1', port: server.port }])
      clients.push(client)
      client.on('error', () => undefined)
      await once(client, 'ready')
      return client
    })
  }
  describeOnRedis(name, onServer, CLUSTER)
}
