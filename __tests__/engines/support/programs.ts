import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A program that runs as long as its browser is needed, and never longer than this process. */
export interface Program {
  readonly child: ChildProcess
  /** What stands in the first group of `words` once it has printed that; rejects where it ends before. */
  says(words: RegExp): Promise<string>
  /** Rejects when it ends; nobody need handle that. */
  readonly lost: Promise<never>
  /** Resolves once it has ended. */
  stop(): Promise<void>
}

export function startProgram(path: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Program {
  const child = spawn(path, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  let printed = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      printed += text.toString()
      listeners.forEach((look) => look())
    })
  const lost = ended.then(() => Promise.reject(new Error(`${path} has ended: ${printed}`)))
  lost.catch(() => {})
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)

  return {
    child,
    lost,
    says(words) {
      const said = new Promise<string>((resolve) => {
        const look = () => {
          const found = words.exec(printed)?.[1]
          if (found !== undefined) resolve(found)
        }
        listeners.add(look)
        look()
      })
      return Promise.race([said, lost])
    },
    async stop() {
      process.off('exit', kill)
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    },
  }
}
