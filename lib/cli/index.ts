#!/usr/bin/env node
import type * as Main from './main'
import type * as RealWorld from './real-world'

const STRAY = 'express-geetest: outside of any request, the file threw this:'

/** Loaded in here, because without Express nothing of the package can be. */
async function run(): Promise<void> {
  const { main } = require('./main') as typeof Main
  const { realWorld } = require('./real-world') as typeof RealWorld
  // A file that listens on a port in use, say, must not take the doctor along.
  if (process.argv[2] === 'doctor')
    process.on('uncaughtException', ({ message }) => realWorld.err(`${STRAY} ${message}`))
  const code = await main(process.argv.slice(2), realWorld)
  // A site that the doctor has loaded may listen for ever. Once all is written, nothing more is wanted of it.
  if (code !== undefined) process.stdout.write('', () => process.exit(code))
}

run().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException
  const missing = code === 'MODULE_NOT_FOUND' && /'(express(?:-session)?)'/.exec(message)?.[1]
  console.error(
    missing
      ? `express-geetest: ${missing} is not installed here; write npm install express express-session`
      : `express-geetest: ${message}`,
  )
  process.exit(1)
})
