import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { join } from 'node:path'
import type { Told } from './site'

/** One life of a server process, from its start to its end. */
export interface Life {
  readonly node: number
  readonly child: ChildProcess
  /** 0 until it is ready. */
  port: number
  /** Its sockets, kept alive as a balancer does. */
  readonly agent: Agent
  /** Whether it was killed on purpose. */
  killed: boolean
  /** The end of what it wrote to stderr. */
  said: string
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

function spawn(node: number, env: Readonly<Record<string, string>>): Life {
  const child = fork(join(__dirname, 'server.ts'), {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    env: environment(env),
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 128 })
  const life: Life = { node, child, port: 0, agent, killed: false, said: '' }
  child.stderr?.on('data', (text: Buffer) => {
    life.said = (life.said + text.toString()).slice(-2000)
  })
  return life
}

/**
 * Starts `count` server processes. One that crashes is told of, and replaced.
 * @param env REDIS_URL, GEETEST_ID, GEETEST_KEY and GEETEST_API_SERVER
 */
export async function startNodes(
  count: number,
  env: Readonly<Record<string, string>>,
  listener: NodesListener,
): Promise<Nodes> {
  const running = new Map<number, Life>()
  let stopping = false

  function ended(life: Life, how: string): void {
    const { node, agent } = life
    agent.destroy()
    running.delete(node)
    if (life.killed || stopping) return
    listener.crashed(node, `ended by itself with ${how}: ${life.said}`)
    // One that cannot even start would go on like that for ever.
    if (life.port !== 0) start(node).catch(() => undefined)
  }

  function start(node: number): Promise<void> {
    const life = spawn(node, env)
    return new Promise((resolve, reject) => {
      life.child.on('message', (told: Told) => {
        if (told.type !== 'ready') return listener.told(told, life)
        life.port = told.port
        running.set(node, life)
        resolve()
      })
      life.child.once('exit', (code, signal) => {
        ended(life, signal ?? String(code))
        reject(new Error(`server process ${node} did not start: ${life.said}`))
      })
    })
  }

  await Promise.all(Array.from({ length: count }, (_, i) => start(i + 1)))
  return {
    get lives() {
      return [...running.values()]
    },
    async kill(node) {
      const life = running.get(node)
      if (life === undefined) return
      life.killed = true
      await end(life, 'SIGKILL')
      await start(node)
    },
    measure: () => running.forEach(({ child }) => child.connected && child.send('measure')),
    async stop() {
      stopping = true
      await Promise.all([...running.values()].map((life) => end(life, 'SIGTERM')))
    },
  }
}

async function end({ child }: Life, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
