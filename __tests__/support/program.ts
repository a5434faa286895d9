import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The program at `given`, or else the first of these names on the PATH. */
export function findProgram(given: string | undefined, ...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/bin')
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [given ?? '', ...candidates].find((path) => path !== '' && isProgram(path))
}

/** `describe`, or where `program` was not found: tests that fail under CI, and are skipped, aloud, elsewhere. */
export function describeWith(program: string | undefined, name: string, advice: string): jest.Describe {
  if (program !== undefined || process.env.CI) return describe
  console.warn(`${name}: skipped, ${advice}`)
  return describe.skip
}
