// Which test files there are, as jest knows them.
import { execFileSync } from 'node:child_process'
import { relative } from 'node:path'

export const JEST = 'node_modules/jest/bin/jest.js'

/** @param words patterns and flags of jest's; patterns first, because some of its flags take all that follows */
export function listTests(...words) {
  const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }
  /** @type {string[]} */
  const files = JSON.parse(execFileSync(process.execPath, [JEST, ...words, '--listTests', '--json'], options))
  return [...new Set(files)].map((file) => relative('.', file)).toSorted()
}
