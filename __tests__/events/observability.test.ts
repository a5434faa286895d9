import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import client, { Registry } from 'prom-client'
import { channelNames } from '../../lib'
import { collect } from '../../lib/prometheus'

const text = readFileSync(join(__dirname, '../../docs/observability.md'), 'utf8')

/** The first cell of every row of the tables, and the second. */
const rows = text.split('\n').flatMap((line) => {
  const [, first = '', second = ''] = /^\| `([^`]+)` *\| *([^|]*?) *\|/.exec(line) ?? []
  return first === '' ? [] : [{ first, second }]
})
const namesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => String(name))

test('docs/observability.md has a row for every event', () => {
  expect(rows.map(({ first }) => first)).toEqual(expect.arrayContaining(Object.keys(channelNames)))
})

test('docs/observability.md has a row for every metric, with its labels, and for no other', async () => {
  const register = new Registry()
  collect(client, { register })()
  const made = register
    .getMetricsAsArray()
    .map((metric) => ({ name: metric.name, labels: (metric as unknown as { labelNames: string[] }).labelNames }))
  const described = rows
    .filter(({ first }) => first.startsWith('geetest_'))
    .map(({ first, second }) => ({ name: first, labels: namesIn(second) }))
  expect(described.toSorted(byName)).toEqual(made.toSorted(byName))
})

const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name)
