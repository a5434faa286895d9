import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { join } from 'node:path'
import type { Told } from './site'

/** One life of a server process, from its start to its end. */
export interface Life {
  readonly node: number
  readonly port: number
  /** Its sockets, kept alive as a balancer does. */
  readonly agent: Agent
  /** Whether it was killed on purpose. */
  killed: boolean
}

/** What happens to server processes. */
export interface NodesListener {
  readonly told: (told: Told, life: Life) => void
  /** It ended, and nobody wanted that. */
  readonly crashed: (node: number, how: string) => void
}

export interface Nodes {
  /** Those that can be asked now. */
  readonly lives: readonly Life[]
  /** SIGKILL; a new one is started in its place at once. Resolves when that is ready. */
  kill(node: number): Promise<void>
  /** Asks each for its memory. */
  measure(): void
  stop(): Promise<void>
}

/** Settings of whoever runs this must not reach the servers. */
function environment(own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !/^(GEETEST_|REDIS_|NODE_OPTIONS$)/.test(name))
  return { ...Object.fromEntries(others), NODE_ENV: 'production', ...own }
}

/** Starts `count` server processes. @param env REDIS_URL, GEETEST_ID, GEETEST_KEY and GEETEST_API_SERVER */
export async function startNodes(
  count: number,
  env: Readonly<Record<string, string>>,
  listener: NodesListener,
): Promise<Nodes> {
  const running = new Map<number, { child: ChildProcess; life: Life }>()
  let stopping = false

  async function start(node: number): Promise<void> {
    const child = fork(join(__dirname, 'server.ts'), {
      execArgv: ['--import', 'tsx', '--expose-gc'],
      env: environment(env),
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    })
    let said = ''
    child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2000)))
    const life = { node, port: 0, agent: new Agent({ keepAlive: true, maxSockets: 128 }), killed: false }
    await new Promise<void>((resolve, reject) => {
      child.on('message', (told: Told) => {
        if (told.type === 'ready') {
          life.port = told.port
          running.set(node, { child, life })
          return resolve()
        }
        listener.told(told, life)
      })
      child.once('exit', (code, signal) => {
        life.agent.destroy()
        if (running.get(node)?.child === child) running.delete(node)
        if (life.killed || stopping) return resolve()
        listener.crashed(node, `ended by itself with ${signal ?? code}: ${said}`)
        // Once it was ready, the site goes on with another; the crash stays on record.
        if (life.port === 0) return reject(new Error(`server process ${node} did not start: ${said}`))
        start(node).catch(() => undefined)
      })
    })
  }

  await Promise.all(Array.from({ length: count }, (_, i) => start(i + 1)))
  return {
    get lives() {
      return [...running.values()].map(({ life }) => life)
    },
    async kill(node) {
      const found = running.get(node)
      if (found === undefined) return
      found.life.killed = true
      const ended = once(found.child, 'exit')
      found.child.kill('SIGKILL')
      await ended
      await start(node)
    },
    measure: () => running.forEach(({ child }) => child.connected && child.send('measure')),
    async stop() {
      stopping = true
      const children = [...running.values()].map(({ child }) => child)
      await Promise.all(children.map((child) => (child.kill(), once(child, 'exit'))))
    },
  }
}
