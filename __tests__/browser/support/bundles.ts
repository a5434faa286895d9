import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '../../..')
const OPTIONS = ['--bundle', '--minify', '--target=es5', '--legal-comments=none', '--format=iife', '--log-level=error']

/** Bundles a browser script as the build does; written in one step, since test files run side by side. */
function bundle(source: string, target: string): string {
  const file = join(root, 'dist', target)
  const draft = `${file}.${process.pid}`
  mkdirSync(join(file, '..'), { recursive: true })
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [join(root, source), ...OPTIONS, `--outfile=${draft}`])
  renameSync(draft, file)
  return file
}

/** Fresh from `public/`: the path of the bundle. */
export const buildLoader = (): string => bundle('public/gt.js', 'public/gt.js')

/** Fresh from `public/`: the path of the downtime widget. */
export const buildOffline = (): string => bundle('public/gt-offline.js', 'public/gt-offline.js')

/** Fresh from `public/`: the path of the form helper. */
export const buildForm = (): string => bundle('public/geetest-form.js', 'public/geetest-form.js')

/** Fresh from `lib/simulator/widget/`: the path of the bundle, which is also where the simulator reads it. */
export const buildWidget = (): string => bundle('lib/simulator/widget/index.js', 'simulator/widget.js')

/** The same for version 4: the loader, what it loads in an outage, and the simulator's widget. */
export const buildLoader4 = (): string => bundle('public/gt4.js', 'public/gt4.js')
export const buildForm4 = (): string => bundle('public/gt4-form.js', 'public/gt4-form.js')
export const buildOffline4 = (): string => bundle('public/gt4-offline.js', 'public/gt4-offline.js')
export const buildWidget4 = (): string => bundle('lib/simulator/widget/v4.js', 'simulator/widget4.js')

export const read = (file: string): string => readFileSync(file, 'utf8')

/** Fails unless the file is ES5, in syntax and in the functions that it uses. */
export function checkES5(file: string): void {
  execFileSync(join(root, 'node_modules/.bin/es-check'), ['es5', file, '--checkFeatures'], { stdio: 'pipe' })
}
