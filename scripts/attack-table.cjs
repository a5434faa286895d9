// A jest reporter: after a run with attack tests, a table of every attack on the list. A whole run of the folder fails where
// an attack has no test, and any run where a test of one was skipped or did not pass; a filtered run (-t) judges nothing.
const { readdirSync } = require('node:fs')
const path = require('node:path')
const rows = require('../__tests__/attacks/rows.json')
/** Numbers of the rows that only a page can show. */
const inBrowser = require('../__tests__/attacks/in-browser.json')

const TESTS = path.join(__dirname, '../__tests__')
const FOLDER = path.join(TESTS, 'attacks')
const BROWSER_FILE = path.join(TESTS, 'browser/attacks.test.ts')
const PART = /^of (.+\.test\.ts)$/
const TITLE = /^attack (\d+): ./

module.exports = class AttackTable {
  constructor({ testNamePattern }) {
    this.filtered = Boolean(testNamePattern)
    this.complaints = []
  }

  onRunComplete(_contexts, { testResults }) {
    const files = testResults.flatMap(filesOf).filter(({ path }) => path.startsWith(FOLDER) || path === BROWSER_FILE)
    if (files.length === 0) return
    const projects = byProject(files)
    if (!this.filtered) this.complaints = [...projects].flatMap(([name, seen]) => complaintsOf(name, seen))
    process.stderr.write(`\n${table(projects)}\n${this.complaints.map((line) => `${line}\n`).join('')}`)
  }

  /** An error here makes the run fail. */
  getLastError() {
    if (this.complaints.length > 0) return new Error(this.complaints.join('\n'))
  }
}

const partOf = ({ ancestorTitles = [] }) => PART.exec(ancestorTitles[0] ?? '')?.[1]

/** The test files of what jest calls one; where several were run as one, their names stand over their tests (`__tests__/together`). */
function filesOf({ displayName, testFilePath, testResults }) {
  const name = displayName?.name ?? 'jest'
  const parts = new Set(testResults.map(partOf))
  if (parts.size === 0) parts.add(undefined)
  return [...parts].map((part) => ({
    name,
    path: part === undefined ? testFilePath : path.join(TESTS, part),
    results: testResults.filter((result) => partOf(result) === part),
  }))
}

/** What was seen in each project: the files, and the tests of every row. */
function byProject(files) {
  const projects = new Map()
  for (const { name, path: file, results } of files) {
    if (!projects.has(name)) projects.set(name, { paths: new Set(), tests: new Map(), strays: [] })
    const { paths, tests, strays } = projects.get(name)
    paths.add(file)
    for (const { title, status } of results) {
      const row = Number(TITLE.exec(title)?.[1])
      if (rows[row - 1] === undefined) strays.push(title)
      else tests.set(row, [...(tests.get(row) ?? []), status])
    }
  }
  return projects
}

function complaintsOf(project, { paths, tests, strays }) {
  const bad = strays.map((title) => `${project}: no attack of the list is named by the test "${title}"`)
  const whole = allFiles().every((file) => paths.has(file))
  for (const row of rows.keys()) {
    const statuses = tests.get(row + 1) ?? []
    const expected = inBrowser.includes(row + 1) ? paths.has(BROWSER_FILE) : whole
    if (expected && statuses.length === 0) bad.push(`${project}: attack ${row + 1} (${rows[row]}) has no test`)
    const open = statuses.filter((status) => status !== 'passed')
    if (open.length > 0)
      bad.push(`${project}: attack ${row + 1} (${rows[row]}): ${open.length} ${[...new Set(open)].join(', ')}`)
  }
  return bad
}

const allFiles = () =>
  readdirSync(FOLDER, { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(FOLDER, file))

function table(projects) {
  const names = [...projects.keys()]
  const width = Math.max(...rows.map(({ length }) => length))
  const lines = rows.map((row, i) => {
    const cells = names.map((name) => cell(projects.get(name).tests.get(i + 1)).padEnd(Math.max(name.length, 10)))
    return `${String(i + 1).padStart(2)}  ${row.padEnd(width)}  ${cells.join('  ')}`.trimEnd()
  })
  const head = `    ${'Attack'.padEnd(width)}  ${names.map((name) => name.padEnd(10)).join('  ')}`.trimEnd()
  return [head, ...lines].join('\n')
}

function cell(statuses = []) {
  if (statuses.length === 0) return '-'
  const passed = statuses.filter((status) => status === 'passed').length
  return passed === statuses.length ? `${passed} passed` : `${passed} of ${statuses.length}`
}
