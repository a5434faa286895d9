import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** This package's own root, from `lib/cli/` and from `dist/cli/` alike. */
export const packageRoot = join(__dirname, '../..')

/** What package.json promises. */
export const { version, engines, peerDependencies } = JSON.parse(
  readFileSync(join(packageRoot, 'package.json'), 'utf8'),
) as { version: string; engines: { node: string }; peerDependencies: Readonly<Record<string, string>> }
