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
  ended: () => Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal))).then(() => undefined),
}
