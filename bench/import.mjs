// What a package costs before it does anything: packages that come along, time and memory of loading it. npm run bench:import
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const ROUNDS = 9
const run = (cwd, program, ...args) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const folder = mkdtempSync(join(tmpdir(), 'bench-import-'))
const [{ filename }] = JSON.parse(run(root, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder))
/** Express and its session are there in any case, so they count for nobody. */
const BESIDE = ['express', 'express-session']
const contenders = [
  { name: 'express-geetest', from: join(folder, filename) },
  { name: 'gt3-sdk', from: 'gt3-sdk@2.0.0' },
  { name: 'geetest', from: 'geetest@4.1.2' },
]

const size = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0)
    : statSync(path).size

function install(name, ...packages) {
  const place = join(folder, name)
  mkdirSync(place)
  writeFileSync(join(place, 'package.json'), '{ "private": true }')
  run(place, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel', 'error', ...BESIDE, ...packages)
  const installed = new Set(run(place, 'npm', 'ls', '--all', '--parseable').trim().split('\n'))
  return { name, place, packages: installed.size, bytes: size(join(place, 'node_modules')), rounds: [] }
}

const LOAD = `
const load = process.argv[1].split(' ')
for (const name of ${JSON.stringify(BESIDE)}) require(name)
globalThis.gc()
const before = process.memoryUsage()
const begun = process.hrtime.bigint()
for (const name of load) if (name) require(name)
const ms = Number(process.hrtime.bigint() - begun) / 1e6
globalThis.gc()
const after = process.memoryUsage()
console.log(JSON.stringify({ ms, heap: after.heapUsed - before.heapUsed, rss: after.rss - before.rss }))`

const base = install('base')
const made = contenders.map(({ name, from }) => install(name, from))
for (let round = 0; round < ROUNDS; round++) {
  for (const one of made)
    one.rounds.push(JSON.parse(run(one.place, process.execPath, '--expose-gc', '-e', LOAD, one.name)))
}
console.table(
  made.map(({ name, packages, bytes, rounds }) => ({
    package: name,
    'packages added': packages - base.packages,
    'MB added on disk': ((bytes - base.bytes) / 1e6).toFixed(2),
    'ms to load': median(rounds.map(({ ms }) => ms)).toFixed(1),
    'heap in MB': (median(rounds.map(({ heap }) => heap)) / 1e6).toFixed(2),
    'RSS in MB': (median(rounds.map(({ rss }) => rss)) / 1e6).toFixed(1),
  })),
)
rmSync(folder, { recursive: true })
