// npm run test:repeat -- 10 [guard]   `npm test` (or the files that match) ten times in a row
// npm run test:loaded -- 5 [guard]    the same while processes keep every core busy
// Every run is carried out; the command fails where one of them failed. The load ends with it.
import { fork, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { clock } from './test/screen.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const words = process.argv.slice(2)
const loaded = words.includes('--loaded')
const [first = loaded ? '5' : '10', ...patterns] = words.filter((word) => word !== '--loaded')
if (!/^[1-9]\d{0,2}$/.test(first)) {
  console.error(`how often? ${JSON.stringify(first)} is no number from 1 to 999; write for example 10, or 10 guard`)
  process.exit(2)
}

const load = loaded ? Array.from({ length: availableParallelism() }, () => fork(here('test/load.mjs'))) : []
const runs = []
for (let i = 1; i <= Number(first); i++) {
  console.log(`\n━━ run ${i} of ${first}${loaded ? `, beside ${load.length} busy processes` : ''}`)
  const begun = performance.now()
  const { status } = spawnSync(process.execPath, [here('test.mjs'), ...patterns], { stdio: 'inherit' })
  runs.push({ passed: status === 0, seconds: (performance.now() - begun) / 1000 })
}
for (const one of load) one.disconnect()

const failed = runs.filter((run) => !run.passed).length
console.log(
  `\n${runs.map(({ passed, seconds }, i) => `run ${i + 1}: ${passed ? 'passed' : 'FAILED'} in ${clock(seconds)}`).join('\n')}`,
)
console.log(`${failed} of ${runs.length} failed`)
process.exit(failed === 0 ? 0 : 1)
