import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '../../..')
/** What `npm run build` reads. A folder counts too: it changes when a file of it is removed. */
const SOURCES = ['lib', 'public', 'demo', 'scripts/build.mjs', 'package.json', 'tsconfig.json', 'tsconfig.build.json']

/** Times of change, in milliseconds: of the path, and of all below it. */
function changes(path: string, folders: boolean): number[] {
  const found = statSync(path)
  if (!found.isDirectory()) return [found.mtimeMs]
  const below = readdirSync(path).flatMap((name) => changes(join(path, name), folders))
  return folders ? [found.mtimeMs, ...below] : below
}

const most = (times: number[], pick: (a: number, b: number) => number): number => times.reduce((a, b) => pick(a, b))

/** Whether something that is built is missing, or older than something that it was built from. */
function isStale(): boolean {
  const dist = join(root, 'dist')
  if (!existsSync(join(dist, 'demo/page'))) return true
  const built = changes(dist, false)
  const sources = SOURCES.flatMap((name) => changes(join(root, name), true))
  return most(sources, Math.max) > most(built, Math.min)
}

/** Builds once, if need be: no test is to run against yesterday's scripts. */
export function buildWhereStale(): void {
  if (!isStale()) return
  console.log('dist/ is older than its sources: npm run build')
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' })
}
