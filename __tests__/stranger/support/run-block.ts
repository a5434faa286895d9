import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../../support/program'
import type { Block } from './blocks'
import { home, runBeside, tarball } from './folder'
import { chromiumPath } from '../../browser/support/chromium'

const root = join(__dirname, '../../..')
/** A stranger's own Redis. */
export const redisServer = findProgram(process.env.REDIS_SERVER, 'redis-server')
export const frames = join(__dirname, '../frames')

/** Where a frame wants the code to stand. A frame without this line finds the code in the file that BLOCK names. */
const PLACE = '// ── the block ──'

/**
 * Runs a block as it stands in its document, inside what its frame puts around it: names that the text takes for granted
 * before it, and what must be true behind it.
 *
 * @param frame the frame's file
 */
export async function runBlock({ document, name, language, code }: Block, frame: string): Promise<void> {
  const folder = join(home, 'runs', `${document}-${name}`.replaceAll(/[^\w.-]/g, '-'))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(join(frames, 'support'), join(folder, 'support'), { recursive: true })
  writeFileSync(join(folder, `block.${language}`), code)
  const text = readFileSync(frame, 'utf8')
  const file = frame.endsWith('.mts') ? 'run.mts' : 'run.mjs'
  writeFileSync(
    join(folder, file),
    text.replace(PLACE, () => code),
  )
  // What a compiler of the stranger's own would be told.
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "experimentalDecorators": true } }')
  await runBeside(folder, process.execPath, ['--import', 'tsx', file], {
    BLOCK: join(folder, `block.${language}`),
    DOCUMENT: join(root, document),
    TARBALL: tarball,
    CHROMIUM_PATH: chromiumPath ?? '',
    REDIS_SERVER: redisServer ?? '',
  })
}
