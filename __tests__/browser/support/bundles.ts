import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '../../..')
const inDist = (name: string): string => join(root, 'dist', name)

/** Paths of the built browser scripts. The run has them built anew, before the first test, where a source is newer. */
export const built = {
  loader: inDist('public/gt.js'),
  /** The downtime widget. */
  offline: inDist('public/gt-offline.js'),
  /** Languages that are not built in. */
  words: inDist('public/gt-words.js'),
  /** The form helper. */
  form: inDist('public/geetest-form.js'),
  /** Of the simulator, which reads it there. */
  widget: inDist('simulator/widget.js'),
  /** The same for version 4: the loader, what it loads in an outage, and the simulator's widget. */
  loader4: inDist('public/gt4.js'),
  form4: inDist('public/gt4-form.js'),
  offline4: inDist('public/gt4-offline.js'),
  widget4: inDist('simulator/widget4.js'),
} as const

export const read = (file: string): string => readFileSync(file, 'utf8')

/** Fails unless the file is ES5, in syntax and in the functions that it uses. */
export function checkES5(file: string): void {
  execFileSync(join(root, 'node_modules/.bin/es-check'), ['es5', file, '--checkFeatures'], { stdio: 'pipe' })
}
