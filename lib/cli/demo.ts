import { join } from 'node:path'
import { portOf, read, UsageError } from './arguments'
import { packageRoot } from './package'
import type { Command } from './world'

/** The demo of the repository, from the package as it is installed. It goes on until it is ended. */
export const demo: Command = async (args, { load }) => {
  const { values, file } = read(args, { port: { type: 'string' }, host: { type: 'string' } })
  if (file !== undefined) throw new UsageError('demoFile', { file })
  // The demo reads the environment of its process, and nothing else.
  if (values.port !== undefined) process.env.PORT = String(portOf(values.port))
  if (values.host !== undefined) process.env.HOST = values.host
  await load(join(packageRoot, 'dist', 'demo', 'server.js'))
  return undefined
}
