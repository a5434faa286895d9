#!/usr/bin/env node
import type * as HeldBack from './held-back'
import type * as Main from './main'
import type * as RealWorld from './real-world'
import type * as WordsOf from './words'
import type { World } from './world'

/** Loaded in here, because without Express nothing of the package can be. */
async function run(): Promise<void> {
  const { main } = require('./main') as typeof Main
  const { realWorld } = require('./real-world') as typeof RealWorld
  const args = process.argv.slice(2)
  const beside = args[0] === 'doctor' ? besideSite(args, realWorld) : undefined
  const code = await main(args, beside?.world ?? realWorld)
  beside?.after()
  // A site that the doctor has loaded may listen for ever. Once all is written, nothing more is wanted of it.
  if (code === undefined) return
  if (beside) beside.end(() => process.exit(code))
  else process.stdout.write('', () => process.exit(code))
}

interface Beside {
  readonly world: World
  /** Prints what the site had to say. */
  readonly after: () => void
  /** Calls back once all is written. */
  readonly end: (done: () => void) => void
}

/** The doctor lives beside a site that it has loaded, which must take nothing from it: neither its port nor its screen nor its life. */
function besideSite(args: readonly string[], world: World): Beside {
  const { holdBack } = require('./held-back') as typeof HeldBack
  const { fill, languageOf, words } = require('./words') as typeof WordsOf
  const { stray, printed } = words(languageOf(args, world.env)).doctor
  const held = holdBack()
  process.on('uncaughtException', (error: unknown) => {
    held.err(`${fill(stray, { message: error instanceof Error ? error.message : String(error) })}\n`)
  })
  // Whatever ends this process, nothing of what the site had to say is lost.
  function after(): void {
    const text = held.printed()
    if (text !== '') held.err(`\n${printed}\n${text.replace(/^(?=.)/gm, '  ')}`)
  }
  process.on('exit', after)
  const own: World = {
    ...world,
    out: (line) => held.out(`${line}\n`),
    err: (line) => held.err(`${line}\n`),
    listened: () => held.asked,
  }
  return { world: own, after, end: (done) => held.out('', done) }
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
