// Fuzzes the plugin on Express 4 and 5. FUZZ_CASES: how many cases in all; FUZZ_SEED: where to begin, so that a run can be
// run again; FUZZ_PATH: straight to the one failure that an earlier run named.
import { spawnSync } from 'node:child_process'

// Empty is not given: the short run sets aside what somebody has in the environment.
const FUZZ_CASES = process.env.FUZZ_CASES || process.argv[2]
const FUZZ_SEED = process.env.FUZZ_SEED || String(Date.now() % 1e9)
const LEAST = 20_000

for (const [name, given, least] of [
  ['FUZZ_CASES', FUZZ_CASES, LEAST],
  ['FUZZ_SEED', FUZZ_SEED, 0],
]) {
  if (/^\d{1,9}$/.test(given) && Number(given) >= least) continue
  console.error(`${name} is ${JSON.stringify(given)}; write a whole number from ${least}, of at most nine digits`)
  process.exit(2)
}

console.log(
  `${FUZZ_CASES} cases from seed ${FUZZ_SEED}; the same again: FUZZ_SEED=${FUZZ_SEED} FUZZ_CASES=${FUZZ_CASES} npm run fuzz`,
)
const { status } = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '--maxWorkers', '2', '--selectProjects', 'fuzz-express5', 'fuzz-express4'],
  { stdio: 'inherit', env: { ...process.env, FUZZ_CASES, FUZZ_SEED } },
)
process.exit(status ?? 1)
