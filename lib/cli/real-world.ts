import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import type { World } from './world'

export const realWorld: World = {
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
  nodeVersion: process.versions.node,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  patience: 5000,
  lookup,
  load: (file) => import(pathToFileURL(file).href) as Promise<unknown>,
  run,
  random: randomBytes,
  ended: () => Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal))).then(() => undefined),
}

async function run([name = '', ...args]: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(name, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    // There npx and its likes are scripts of the shell.
    shell: process.platform === 'win32',
  })
  // A terminal tells the program too; whoever tells this process alone means both.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
