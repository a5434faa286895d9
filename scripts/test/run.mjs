// Runs steps, in order, those of one core beside each other. The output of each is kept whole. The first that fails ends
// the run, and its output comes last.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { clock, createScreen, table } from './screen.mjs'
import { skips } from './skips.mjs'
import { recall, remember } from './tree.mjs'

const children = new Set()
const endAll = () => {
  for (const { pid } of children) {
    try {
      process.kill(-pid, 'SIGTERM')
    } catch {
      // It has ended by itself.
    }
  }
}
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])
  process.once(signal, () => {
    endAll()
    process.exit(code)
  })

/** Resolves to how it ended, with all that it printed. A group of its own, so that what it started ends with it. */
function carryOut({ command: [program, ...args], env = {} }) {
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }), ...env },
  })
  children.add(child)
  let output = ''
  const hear = (text) => void (output += text)
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  return new Promise((resolve) => {
    const end = (passed) => {
      children.delete(child)
      resolve({ passed, output })
    }
    child.once('error', (error) => {
      hear(`${program}: ${error.message}\n`)
      end(false)
    })
    child.once('close', (code) => end(code === 0))
  })
}

/**
 * @param steps from steps.mjs
 * @param name the command, for the last line
 * @returns whether all passed
 */
export async function runSteps(steps, name) {
  const memory = recall()
  const expected = (step) => memory.seconds[step.id] ?? step.expected
  const screen = createScreen(steps, expected)
  const cores = availableParallelism()
  const begun = performance.now()
  const waiting = [...steps]
  const running = new Map()
  const done = []
  let failed

  const isReady = ({ after = [] }) =>
    !after.some((id) => steps.some((s) => s.id === id) && !done.some((s) => s.id === id))
  /** The next that may start. Nobody overtakes a step that wants the whole machine. */
  function next() {
    const alone = waiting.findIndex(({ cores: wanted }) => wanted === 'all')
    if (alone === 0) return running.size === 0 ? waiting[0] : undefined
    if (running.size >= cores) return undefined
    return waiting.slice(0, alone === -1 ? undefined : alone).find(isReady)
  }

  function start(step) {
    waiting.splice(waiting.indexOf(step), 1)
    const from = performance.now()
    screen.started(step)
    const ended = carryOut(step).then((how) => ({ ...step, ...how, seconds: (performance.now() - from) / 1000 }))
    running.set(step.id, ended)
  }

  while (failed === undefined && (waiting.length > 0 || running.size > 0)) {
    for (let step = next(); step !== undefined; step = next()) start(step)
    const step = await Promise.race(running.values())
    running.delete(step.id)
    done.push(step)
    screen.ended(step)
    if (!step.passed) failed = step
  }

  screen.close()
  endAll()
  for (const { id, passed, seconds } of done) if (passed) memory.seconds[id] = seconds
  remember(memory)

  const total = (performance.now() - begun) / 1000
  console.log(`\n${table(steps, done, total)}`)
  const skipped = skips(done.map(({ output }) => output))
  if (skipped.length > 0) console.log(`\n${skipped.join('\n')}`)
  if (failed !== undefined) {
    console.log(
      `\n${name} failed after ${clock(total)} in "${failed.title}", which said:\n\n${failed.output.trimEnd()}`,
    )
    return { passed: false, done }
  }
  console.log(`\n${name} passed in ${clock(total)}`)
  return { passed: true, done }
}
