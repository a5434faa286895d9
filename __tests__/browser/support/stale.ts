import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(__dirname, '../../..')

/** Builds once, if a source is newer than what was built: no test is to run against yesterday's scripts. */
export function buildWhereStale(): void {
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), '--if-needed'], { cwd: root, stdio: 'inherit' })
}
