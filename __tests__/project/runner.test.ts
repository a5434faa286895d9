import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const runner = pathToFileURL(join(__dirname, '../../scripts/test/run.mjs')).href

interface Step {
  readonly id: string
  readonly says: string
  readonly code?: number
  readonly cores?: 1 | 'all'
  readonly after?: readonly string[]
}

/** What a run of these steps prints, and how it ends. */
function runOf(...steps: readonly Step[]): { printed: string; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'geetest-runner-'))
  const table = steps.map(({ id, says, code = 0, cores = 'all', after = [] }) => ({
    id,
    title: `step ${id}`,
    command: [process.execPath, '-e', `console.log(${JSON.stringify(says)}); process.exit(${code})`],
    cores,
    after,
    expected: 1,
  }))
  const script = `
    import { runSteps } from '${runner}'
    const { passed } = await runSteps(${JSON.stringify(table)}, 'this run')
    process.exit(passed ? 0 : 1)`
  try {
    // What it remembers stays in a folder of its own.
    const flags = ['--input-type=module', '-e', script]
    const { stdout, stderr, status } = spawnSync(process.execPath, flags, { cwd: folder, encoding: 'utf8' })
    return { printed: stdout + stderr, status }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a run whose steps pass ends well, with a table of their seconds', () => {
  const { printed, status } = runOf({ id: 'one', says: 'first' }, { id: 'two', says: 'second', cores: 1 })
  expect(status).toBe(0)
  expect(printed).toMatch(/step one +\d+\.\d\nstep two +\d+\.\d\nTotal +\d+\.\d\n\nthis run passed in 0:\d\d\n$/)
})

test('the first step that fails ends the run, and what it said comes last', () => {
  const { printed, status } = runOf(
    { id: 'one', says: 'all is well' },
    { id: 'two', says: 'this is broken', code: 3 },
    { id: 'three', says: 'never to be read' },
  )
  expect(status).toBe(1)
  expect(printed).toMatch(/step two +\d+\.\d {2}failed\nstep three +- {2}not run/)
  expect(printed).not.toContain('never to be read')
  expect(printed.trimEnd().split('\n').at(-1)).toBe('this is broken')
})

test('a step waits for those that it comes after', () => {
  const { printed } = runOf({ id: 'late', says: 'b', cores: 1, after: ['early'] }, { id: 'early', says: 'a', cores: 1 })
  expect(printed.indexOf('✓ step early')).toBeLessThan(printed.indexOf('── step late'))
})

test('what is skipped is said once at the end, with what to install', () => {
  const { printed } = runOf(
    { id: 'one', says: 'form: skipped, no Chromium found' },
    { id: 'two', says: 'demo: skipped, no Chromium found' },
  )
  expect(printed.match(/^SKIPPED .*$/gm)).toEqual(['SKIPPED 2 suites (form, demo): no Chromium found'])
  expect(printed).toContain('apt-get install chromium')
})
