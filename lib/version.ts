import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** This package's own root, from `lib/` and from `dist/` alike. */
export const packageRoot = join(__dirname, '..')

/** The version in package.json: sent upstream as `sdk`, and what `?v=` in a script's address is compared with. */
export const version = (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string })
  .version
