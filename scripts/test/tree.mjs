// What the files of the repository look like now: whether a build is due, and whether an earlier run says anything still.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git'])
const SOURCES = [
  'lib',
  'public',
  'demo',
  'scripts/build.mjs',
  'scripts/unroll.mjs',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
]
/** The first and the last thing that a build writes. */
const BUILT = ['dist/index.js', 'dist/demo/page']

function* under(path) {
  yield path
  if (!statSync(path).isDirectory()) return
  for (const name of readdirSync(path).toSorted()) if (!NOT_OURS.has(name)) yield* under(join(path, name))
}

/** Folders count as well: a file that was deleted leaves no other trace. */
export function buildIsDue() {
  if (!BUILT.every((path) => existsSync(path))) return true
  const built = statSync(BUILT[0]).mtimeMs
  return SOURCES.some((source) => [...under(source)].some((path) => statSync(path).mtimeMs > built))
}

/** A text that changes with every file that anybody changes. */
export function fingerprint() {
  const hash = createHash('sha256')
  for (const path of under('.')) {
    const stat = statSync(path)
    if (stat.isFile()) hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`)
  }
  return hash.digest('hex')
}

const MEMORY = 'node_modules/.cache/express-geetest/test-runs.json'

/** What earlier runs leave: seconds of each step, and which steps passed on which files. */
export function recall() {
  try {
    return { seconds: {}, passed: {}, ...JSON.parse(readFileSync(MEMORY, 'utf8')) }
  } catch {
    return { seconds: {}, passed: {} }
  }
}

export function remember(memory) {
  mkdirSync(dirname(MEMORY), { recursive: true })
  writeFileSync(MEMORY, JSON.stringify(memory))
}
