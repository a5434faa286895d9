import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(__dirname, '../../..')
const here = join(root, '__tests__/stranger')
/** Longest run of one command, in milliseconds. */
export const LIMIT_MS = 180_000

/** What only this repository's own tools have set. */
const OURS = /^(npm_|NODE_ENV$|NODE_OPTIONS$|JEST_|GEETEST_)/

type Env = Readonly<Record<string, string>>

function settings(cwd: string, env: Env) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)))
  return {
    cwd,
    encoding: 'utf8',
    env: { ...clean, ...env },
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 26,
  } as const
}

/** Run in `cwd` as a person would; gives what the command printed, or throws an Error that has it. */
export function run(cwd: string, command: string, args: readonly string[], env: Env = {}): string {
  const { status, signal, stdout, stderr } = spawnSync(command, args, settings(cwd, env))
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')} in ${cwd}: ${signal ?? status}\n${stdout}${stderr}`)
}

const execute = promisify(execFile)

/** The same while others run. */
export async function runBeside(cwd: string, command: string, args: readonly string[], env: Env = {}): Promise<string> {
  try {
    return (await execute(command, args, settings(cwd, env))).stdout
  } catch (error) {
    const { code, signal, stdout, stderr } = error as Error & Record<'code' | 'signal' | 'stdout' | 'stderr', unknown>
    const how = `${command} ${args.join(' ')} in ${cwd}: ${String(signal ?? code)}`
    throw new Error(`${how}\n${String(stdout)}${String(stderr)}`, { cause: error })
  }
}

/** The packed package, as npm would publish it. */
export function pack(into: string): string {
  mkdirSync(into, { recursive: true })
  const [packed] = JSON.parse(run(root, 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', into])) as {
    filename: string
  }[]
  return join(into, String(packed?.filename))
}

/** Where the stranger lives: outside this repository, so that nothing of ours can be found by accident. */
export const home = join(
  tmpdir(),
  `express-geetest-stranger-${createHash('sha256')
    .update(readFileSync(join(here, 'package-lock.json')))
    .digest('hex')
    .slice(0, 12)}`,
)
export const tarball = join(home, 'packed.tgz')
/** The same with Express 4. */
export const express4 = join(home, 'express4')

/** Once before all tests of a run: the stranger's own packages are kept from run to run, ours is packed anew. */
export default function prepare(): void {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('the package is not built: npm run build')
  if (!existsSync(join(home, 'node_modules/.package-lock.json'))) {
    rmSync(home, { recursive: true, force: true })
    cpSync(here, home, { recursive: true, filter: (path) => !path.endsWith('.ts') || path.includes('frames') })
    run(home, 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'])
  }
  cpSync(pack(join(home, 'packed')), tarball)
  run(home, 'npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel', 'error', tarball])
  moveToExpress4()
}

function moveToExpress4(): void {
  const modules = join(express4, 'node_modules')
  rmSync(express4, { recursive: true, force: true })
  mkdirSync(join(modules, '@types'), { recursive: true })
  symlinkSync(join(home, 'node_modules/express4'), join(modules, 'express'))
  symlinkSync(join(home, 'node_modules/@types/express4'), join(modules, '@types/express'))
  // Copies, whose own imports find the Express beside them.
  for (const name of ['express-geetest', 'express-session', '@types/express-session']) {
    cpSync(join(home, 'node_modules', name), join(modules, name), { recursive: true })
  }
  writeFileSync(join(express4, 'package.json'), '{ "private": true }')
}
