// Many test files in one: the house is loaded once for all of them, and its coverage is worked out once, which is most of the
// difference between six minutes and three. `npm test` runs each file by itself, so that none leans on another.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { all, alone } from './alone.cjs'

const tests = join(__dirname, '..')
export const PARTS = 8

/** The files of one part: the largest are dealt out first, so that the parts take alike long. */
export function filesOf(part: number): string[] {
  return all
    .filter((file) => !alone.includes(file))
    .toSorted((a, b) => statSync(join(tests, b)).size - statSync(join(tests, a)).size || a.localeCompare(b))
    .filter((_, i) => i % PARTS === part)
}

/** What stops servers and processes afterwards is loaded first: it stops them after all files, and not after the first that uses it. */
function loadSupport(): void {
  const files = ['support', 'attacks/support'].flatMap((folder) =>
    readdirSync(join(tests, folder))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(tests, folder, name)),
  )
  for (const file of files) if (/^after(All|Each)\(/m.test(readFileSync(file, 'utf8'))) require(file)
}

export function runPart(part: number): void {
  loadSupport()
  for (const file of filesOf(part)) describe(`of ${file}`, () => void require(join(tests, file)))
}
