import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import inBrowser from '../attacks/in-browser.json'
import rows from '../attacks/rows.json'

const FOLDER = join(__dirname, '../attacks')
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.test.ts'))

interface Reporter {
  onRunComplete(contexts: unknown, results: unknown): void
  getLastError(): Error | undefined
}
const AttackTable = jest.requireActual<new (config: { testNamePattern?: string }) => Reporter>(
  '../../scripts/attack-table.cjs',
)

/** A run in which every file of the folder has one passing test for every row, but for what `change` makes of it. */
function run(projects: string[], change: (tests: { title: string; status: string }[], project: string) => unknown) {
  return projects.flatMap((name) =>
    FILES.map((file) => {
      const testResults = rows.map((_, i) => ({ title: `attack ${i + 1}: is denied`, status: 'passed' }))
      change(testResults, name)
      return { displayName: { name }, testFilePath: join(FOLDER, file), testResults }
    }),
  )
}
function report(testResults: object[], config: { testNamePattern?: string } = {}) {
  const reporter = new AttackTable(config)
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true)
  reporter.onRunComplete(undefined, { testResults })
  const said = write.mock.calls.join('')
  write.mockRestore()
  return { said, error: reporter.getLastError()?.message }
}
const inPages = (titles: string[]) =>
  titles.map((title) => ({
    displayName: { name: 'browser' },
    testFilePath: join(__dirname, '../browser/attacks.test.ts'),
    testResults: [{ title, status: 'passed' }],
  }))
const nothing = () => undefined
const drop = (tests: unknown[]) => tests.splice(6, 1)

describe('the table of attacks', () => {
  test('names every row, with its passed tests in each project, after a run of the whole folder', () => {
    const { said, error } = report(run(['express5', 'express4'], nothing))
    expect(error).toBeUndefined()
    expect(said).toMatch(/Attack +express5 +express4/)
    for (const [i, row] of rows.entries()) {
      expect(said).toMatch(new RegExp(`^ ?${i + 1} +${row} +${FILES.length} passed +${FILES.length} passed$`, 'm'))
    }
  })

  test('fails a run of the whole folder in which a row has no test in one of the projects', () => {
    const { error } = report(run(['express5', 'express4'], (tests, project) => project === 'express4' && drop(tests)))
    expect(error).toBe(`express4: attack 7 (${rows[6]}) has no test`)
  })

  test.each(['failed', 'pending', 'skipped', 'todo', 'disabled'])('fails a run in which a test was %s', (status) => {
    const results = run(['express5'], nothing).slice(0, 1)
    results[0]?.testResults.push({ title: 'attack 7: is denied too', status })
    const { said, error } = report(results)
    expect(error).toBe(`express5: attack 7 (${rows[6]}): 1 ${status}`)
    expect(said).toMatch(new RegExp(`^ 7 .* 1 of 2$`, 'm'))
  })

  test.each(['is denied', `attack ${rows.length + 1}: is denied`, 'attack 0: is denied', 'attack seven'])(
    'fails a run in which a test names no row: %s',
    (title) => {
      const results = run(['express5'], (tests) => tests.push({ title, status: 'passed' })).slice(0, 1)
      expect(report(results).error).toBe(`express5: no attack of the list is named by the test "${title}"`)
    },
  )

  test('asks for the rows that only a page can show where the browser’s attacks were run, and nowhere else', () => {
    const without = run(['express5'], (tests) =>
      inBrowser.forEach((row) => tests.splice(row - 1, 1, { title: 'attack 1: too', status: 'passed' })),
    )
    expect(report(without).error).toBeUndefined()
    expect(report(inPages(inBrowser.slice(1).map((row) => `attack ${row}: is denied`))).error).toBe(
      `browser: attack ${inBrowser[0]} (${rows[Number(inBrowser[0]) - 1]}) has no test`,
    )
  })

  test('asks nothing of rows that are not in the files that were run', () => {
    const results = run(['express5'], drop).slice(1)
    expect(report(results).error).toBeUndefined()
  })

  test('judges nothing where tests were picked by name', () => {
    const { said, error } = report(run(['express5'], drop), { testNamePattern: 'attack 1' })
    expect(said).toMatch(/^ 7 .* -$/m)
    expect(error).toBeUndefined()
  })

  test('is silent after a run without attacks', () => {
    const testFilePath = join(__dirname, '../guard/guard.test.ts')
    const testResults = [{ title: 'takes an answer once', status: 'failed' }]
    expect(report([{ testFilePath, testResults }])).toEqual({ said: '', error: undefined })
  })
})
