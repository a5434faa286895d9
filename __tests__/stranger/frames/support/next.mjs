// A site of Next.js, built once for each page that it has.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const next = join(dirname(createRequire(import.meta.url).resolve('next/package.json')), 'dist/bin/next')
const LAYOUT = 'export default ({ children }) => <html lang="en"><body>{children}</body></html>'

/** The page of the document that the frame's block is from. */
export const pageOf = (document) => /```jsx next-page\n([\s\S]*?)```/.exec(readFileSync(document, 'utf8'))[1]

/** The folder of a built site whose only page this is. */
export function built(page) {
  // One of this run's, by the process that runs the blocks: what a run has left behind is nobody's.
  const name = createHash('sha256').update(page).digest('hex').slice(0, 12)
  const folder = join('..', '..', 'sites', `next-${name}-${process.ppid}`)
  mkdirSync(dirname(folder), { recursive: true })
  try {
    mkdirSync(folder)
  } catch {
    // Two blocks of one page run beside each other: one builds it, and says so with its last file.
    while (!existsSync(join(folder, 'built'))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    return folder
  }
  mkdirSync(join(folder, 'app'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  writeFileSync(join(folder, 'app/layout.jsx'), LAYOUT)
  writeFileSync(join(folder, 'app/page.jsx'), page)
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  execFileSync(process.execPath, [next, 'build', '--webpack'], { cwd: folder, stdio: 'pipe', env })
  writeFileSync(join(folder, 'built'), '')
  return folder
}
