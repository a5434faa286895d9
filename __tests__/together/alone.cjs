// Test files that need a process to themselves: they look at what happens once a process, or stop timers, by which what other files have
// left under way would go on.
const { readdirSync, readFileSync } = require('node:fs')
const path = require('node:path')

const tests = path.join(__dirname, '..')
const ONCE_A_PROCESS = new Set(['fairness/unknown-address.test.ts', 'setup/mocked-axios.test.ts'])
/** They have projects of their own (jest.config.js). */
const OTHER = /^(browser|fuzz|mutants|stranger|together)\/|node_modules/

exports.all = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.test.ts') && !OTHER.test(file))
exports.alone = exports.all.filter(
  (file) => ONCE_A_PROCESS.has(file) || readFileSync(path.join(tests, file), 'utf8').includes('support/deadlines'),
)
