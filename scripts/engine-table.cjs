// A jest reporter: after a run of the journeys, what each took in each engine, in milliseconds.
const path = require('node:path')

const FOLDER = path.join(__dirname, '../__tests__/engines')

module.exports = class EngineTable {
  onRunComplete(_contexts, { testResults }) {
    const files = testResults.filter(({ testFilePath }) => path.dirname(testFilePath) === FOLDER)
    if (files.length > 0) process.stderr.write(`\n${table(files)}\n`)
  }
}

function table(files) {
  const results = files.flatMap(({ testResults }) => testResults)
  const engines = [...new Set(results.map(({ ancestorTitles }) => ancestorTitles[0]))]
  const journeys = [...new Set(results.map(({ title }) => title))]
  const find = (journey, engine) =>
    results.find(({ title, ancestorTitles }) => title === journey && ancestorTitles[0] === engine)
  const sum = (engine) =>
    results
      .filter(({ ancestorTitles }) => ancestorTitles[0] === engine)
      .reduce((all, one) => all + (one.duration ?? 0), 0)

  const width = Math.max(...journeys.map(({ length }) => length))
  const line = (first, cells) =>
    [first.padEnd(width), ...cells.map((cell, i) => String(cell).padStart(Math.max(engines[i].length, 6)))].join('  ')
  return [
    line('Journey (ms)', engines),
    ...journeys.map((journey) =>
      line(
        journey,
        engines.map((engine) => cell(find(journey, engine))),
      ),
    ),
    line('Total', engines.map(sum)),
  ].join('\n')
}

function cell(result) {
  if (result === undefined) return '-'
  return result.status === 'passed' ? result.duration : result.status
}
