// `npm test -- guard`: the test files whose path matches, in every project that has them, Express 5 first; nothing else.
import { execFileSync } from 'node:child_process'
import { relative } from 'node:path'
import { PROJECTS } from './steps.mjs'
import { runSteps } from './run.mjs'

const JEST = 'node_modules/jest/bin/jest.js'
const env = { FUZZ_SEED: process.env.FUZZ_SEED ?? '20261125', FUZZ_CASES: process.env.FUZZ_CASES ?? '20000' }

function filesOf(project, patterns) {
  const flags = ['--listTests', '--json', '--selectProjects', project]
  const listed = execFileSync(process.execPath, [JEST, ...flags, ...patterns], { encoding: 'utf8' })
  return JSON.parse(listed)
    .map((file) => relative('.', file))
    .toSorted()
}

/** Files that need what other packages have installed. */
const WITH_SDKS = /official-sdks|wrappers/

export async function runSome(patterns) {
  const seen = new Set()
  const runs = []
  for (const project of PROJECTS) {
    // A file that two browser projects share is run once.
    const kind = project.replace(/-smoke$/, '')
    const files = filesOf(project, patterns).filter((file) => !seen.has(`${kind} ${file}`))
    files.forEach((file) => seen.add(`${kind} ${file}`))
    if (files.length > 0) runs.push({ project, files })
  }
  if (runs.length === 0) {
    console.error(`no test file's path matches ${patterns.join(' or ')}`)
    return { passed: false }
  }
  for (const { project, files } of runs) console.log(`${project}: ${files.join(', ')}`)
  const needed = runs.some(({ files }) => files.some((file) => WITH_SDKS.test(file)))
  const setUp = ['build:needed', ...(needed ? ['test:sdks'] : [])].map((script) => ({
    id: script,
    title: script,
    command: ['npm', 'run', '--silent', script],
    cores: 1,
    expected: 1,
  }))
  const steps = runs.map(({ project, files }) => ({
    id: `some-${project}`,
    title: `${project}: ${files.length} ${files.length === 1 ? 'file' : 'files'}`,
    command: [process.execPath, JEST, '--maxWorkers=100%', '--selectProjects', project, '--runTestsByPath', ...files],
    env,
    cores: 'all',
    expected: 5 * files.length,
  }))
  return runSteps([...setUp, ...steps], `npm test -- ${patterns.join(' ')}`)
}

export { filesOf }
