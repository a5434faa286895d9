// All tests and checks, one after another; the first that fails ends the run with its own words above.
import { spawnSync } from 'node:child_process'

const steps = [
  'build',
  'check:format',
  'check:lint',
  'check:types',
  'check:es5',
  'check:package',
  'test:sdks',
  'test:coverage',
  'test:express4',
  'test:fuzz',
  'soak:small',
  'test:browser',
  'test:stranger',
]

for (const step of steps) {
  console.log(`\n── npm run ${step}`)
  const { status } = spawnSync('npm', ['run', '--silent', step], { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`\nnpm run ${step} failed`)
    process.exit(status ?? 1)
  }
}
