// npm test                    every promise once, in minutes
// npm test -- guard           the test files whose path matches, and nothing else
// npm run test:all            everything
// npm run test:all -- --rest  everything but what has passed on these files already, as after npm test
import { fileURLToPath } from 'node:url'
import { listTests } from './test/files.mjs'
import { runSteps } from './test/run.mjs'
import { runSome } from './test/some.mjs'
import { quick, whole } from './test/steps.mjs'
import { fingerprint, recall, remember } from './test/tree.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const words = process.argv.slice(2)
const flags = words.filter((word) => word.startsWith('-'))
const patterns = words.filter((word) => !word.startsWith('-'))
const strange = flags.filter((flag) => !['--all', '--rest'].includes(flag))
if (strange.length > 0 || (flags.length > 0 && patterns.length > 0)) {
  console.error(`scripts/test.mjs: ${words.join(' ')} means nothing; write a part of a path, or --all, or --all --rest`)
  process.exit(2)
}

/** Whole steps without what quick ones have run on these very files. */
function rest(passed) {
  return whole
    .filter(({ id, setUp }) => setUp || !passed.includes(id))
    .flatMap((step) => {
      const { covers } = step
      if (covers === undefined || !passed.includes(covers.id)) return [step]
      const [all, have] = [projectOf(step), covers.project].map((project) => listTests('--selectProjects', project))
      const left = all.filter((file) => !have.includes(file))
      return left.length === 0 ? [] : [{ ...step, command: [...step.command, '--runTestsByPath', ...left] }]
    })
}
/** TEST_COVERAGE=true: the server tests count coverage as they run, so that nobody has to run them again for that. */
function first() {
  const coverage = whole.find(({ id }) => id === 'coverage')
  return quick.map((step) => (step.id === 'server' && process.env.TEST_COVERAGE === 'true' ? coverage : step))
}
const projectOf = ({ command }) => command[command.indexOf('--selectProjects') + 1]

async function runTable() {
  const all = flags.includes('--all')
  const onRest = flags.includes('--rest')
  const now = fingerprint()
  const before = recall().passed
  const known = before.files === now ? before.steps : []
  const steps = !all ? first() : onRest ? rest(known) : whole
  if (onRest)
    console.log(known.length === 0 ? 'nothing has passed on these files yet' : `passed already: ${known.join(', ')}`)
  const outcome = await runSteps(steps, all ? `npm run test:all${onRest ? ' -- --rest' : ''}` : 'npm test')
  const passed = outcome.done.filter((step) => step.passed).map(({ id }) => id)
  // Files that changed under the run were judged by nobody.
  if (fingerprint() === now)
    remember({ ...recall(), passed: { files: now, steps: [...new Set([...known, ...passed])] } })
  return outcome
}

const { passed } = patterns.length > 0 ? await runSome(patterns) : await runTable()
process.exit(passed ? 0 : 1)
