// The server tests in one file, for mutants: loading the house once for each mutant, and not once for each file, is most of
// the difference between hours and minutes. Left out is what looks at files instead of behaviour, what comes in by other
// doors, and what takes long: every mutant has to be noticed without the attacks and the fuzzer.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
// First, so that what they stop afterwards is stopped after all files, and not after the first that uses them.
import '../support/site'
import '../support/stub-cloud'

const tests = join(__dirname, '..')
const OTHER =
  /^(attacks|browser|cli|fuzz|mutants|project|redis|stranger)\/|\/(official-sdks|simulator|simulator-v4|redaction)\.test\.ts$/
/** Most mutants are dead before these begin. */
const SLOW = /\/(getcaptcha|budget|sharing|outage|downtime-state|client)\.test\.ts$/
const files = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !OTHER.test(file))
  .toSorted((a, b) => Number(SLOW.test(a)) - Number(SLOW.test(b)))

for (const file of files) describe(`of ${file}`, () => void require(join(tests, file)))
