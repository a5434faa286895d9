import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const root = join(__dirname, '../..')

/** A command in a process of its own. */
export interface Running {
  readonly child: ChildProcess
  /** Its exit code, or none and the signal. */
  readonly ended: Promise<unknown>
  /** All that it has printed. */
  readonly printed: () => string
  /** What stands in the first group of `words` once it has printed that; rejects where it ends before. */
  readonly says: (words: RegExp) => Promise<string>
}

const running: Running[] = []
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    // The whole group: a shell in between passes no signal on.
    if (child.exitCode === null && child.signalCode === null) process.kill(-Number(child.pid), 'SIGKILL')
    await ended
  }
})

/** @param command the program and what comes before `args`; the built command, unless another copy of it is meant */
export function start(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = root,
  [program = '', ...before]: readonly string[] = [process.execPath, join(root, 'dist/cli/index.js')],
): Running {
  const { PATH, HOME } = process.env
  const child = spawn(program, [...before, ...args], { cwd, env: { PATH, HOME, ...env }, detached: true })
  const ended = once(child, 'exit')
  let printed = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      printed += text.toString()
      listeners.forEach((look) => look())
    })
  }
  function says(words: RegExp): Promise<string> {
    const said = new Promise<string>((resolve) => {
      const look = (): void => {
        const found = words.exec(printed)?.[1]
        if (found !== undefined) resolve(found)
      }
      listeners.add(look)
      look()
    })
    const early = ended.then(() => Promise.reject(new Error(`it ended before it said ${String(words)}: ${printed}`)))
    early.catch(() => undefined)
    return Promise.race([said, early])
  }
  const one = { child, ended, says, printed: () => printed }
  running.push(one)
  return one
}
