// `npm test -- guard`: the test files whose path matches, in every project that has them, Express 5 first; nothing else.
import { JEST, listTests } from './files.mjs'
import { runSteps } from './run.mjs'
import { PROJECTS } from './steps.mjs'

const env = { FUZZ_SEED: process.env.FUZZ_SEED ?? '20261125', FUZZ_CASES: process.env.FUZZ_CASES ?? '20000' }

/** Files that need what other packages have installed. */
const WITH_SDKS = /official-sdks|wrappers/

export async function runSome(patterns) {
  const files = listTests(...patterns)
  if (files.length === 0) {
    console.error(`no test file's path matches ${patterns.join(' or ')}`)
    return { passed: false }
  }
  console.log(`${files.length} ${files.length === 1 ? 'file' : 'files'}: ${files.join(', ')}`)
  const setUp = ['build:needed', ...(files.some((file) => WITH_SDKS.test(file)) ? ['test:sdks'] : [])].map(
    (script) => ({
      id: script,
      title: script,
      command: ['npm', 'run', '--silent', script],
      cores: 1,
      expected: 1,
    }),
  )
  const steps = PROJECTS.flatMap(({ project, folder }) => {
    const own = files.filter((file) => folderOf(file) === folder)
    if (own.length === 0) return []
    const command = [
      process.execPath,
      JEST,
      ...own,
      '--runTestsByPath',
      '--maxWorkers=100%',
      '--selectProjects',
      project,
    ]
    return [
      {
        id: `${project}: ${patterns.join(' ')}`,
        title: `${project}, ${own.length} of them`,
        command,
        env,
        cores: 'all',
        expected: 5 * own.length,
      },
    ]
  })
  return runSteps([...setUp, ...steps], `npm test -- ${patterns.join(' ')}`)
}

/** A folder with projects of its own; everything else is the server's. */
function folderOf(file) {
  const [, folder] = file.split('/')
  return PROJECTS.some((one) => one.folder === folder) ? folder : 'server'
}
