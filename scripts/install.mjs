// Installs the packages of folders that have a lock file of their own, where the lock is newer than what is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

for (const folder of process.argv.slice(2)) {
  const installed = join(folder, 'node_modules/.package-lock.json')
  const lock = join(folder, 'package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs > statSync(lock).mtimeMs) continue
  const flags = ['--no-audit', '--no-fund', '--loglevel', 'error']
  const { status } = spawnSync('npm', ['ci', '--prefix', folder, ...flags], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
