import { inWords, megabytes } from './memory'
import { OFFENCES, type Offences } from './offences'
import type { Seen } from './run'
import type { Count, Latency } from './tally'

type Print = (text: string) => void
type Row = readonly (string | number)[]

/** Prints everything; answers whether all held. */
export function report(seen: Seen, print: Print): boolean {
  const { begun, ended, tally } = seen
  const seconds = (ended - begun) / 1000
  const rate = Math.round(tally.visits / seconds)
  print(`\n${tally.visits} logins in ${Math.round(seconds)} s, ${rate} a second, ${tally.requests} requests`)
  print('\nWhat was broken, and how often:')
  print(table([...seen.broken]))
  print('\nPosts by kind and outcome:')
  print(table([['kind', 'outcome', 'healthy', 'disturbed'], ...tally.counts.map(countRow)]))
  print('\nMilliseconds to the answer:')
  print(table([['request', 'while', 'number', 'p50', 'p99', 'most'], ...tally.latencies.map(latencyRow)]))
  printMemory(seen, print)
  printTotals(seen, print)
  return printOffences(seen.offences, print)
}

const countRow = ({ kind, outcome, healthy, disturbed }: Count): Row => [kind, outcome, healthy, disturbed]
const latencyRow = ({ act, when, requests, p50, p99, max }: Latency): Row => [act, when, requests, p50, p99, max]

/** Enough to see where it goes. */
const MOST_POINTS = 10

function printMemory({ memory, begun, ended, others }: Seen, print: Print): void {
  print('\nMemory in MB. Of the server processes that lived through the second half, the means of the quarters:')
  for (const means of memory.means(begun, ended)) print(`  ${inWords(means)}`)
  const every = Math.ceil(others.length / MOST_POINTS)
  const some = others.filter((_, i) => i % every === 0)
  print(`  Redis: ${some.map(({ redis }) => megabytes(redis)).join(' → ')}`)
  print(`  cloud, crowd and auditor: ${some.map(({ soak }) => megabytes(soak)).join(' → ')}`)
}

const isHonest = ({ kind }: Count): boolean => kind.startsWith('honest')
/** It is right that one is denied. */
const isFourthUse = ({ kind, outcome }: Count): boolean => kind === 'honest: uses' && outcome === 'missing'

const sum = (counts: readonly Count[]): number => counts.reduce((total, { healthy }) => total + healthy, 0)

function printTotals({ audited, tally, inspection }: Seen, print: Print): void {
  const honest = tally.counts.filter((count) => isHonest(count) && !isFourthUse(count))
  const passed = sum(honest.filter(({ outcome }) => outcome === 'ok'))
  print(
    `\nAudited: ${audited.answers} answers and ${audited.passes} passes let in, ${audited.exchanges} answers exchanged`,
  )
  print(`Honest posts while cloud and store were healthy: ${passed} of ${sum(honest)} accepted`)
  print(`Redis was back, and somebody still asked in vain: ${inspection.slowestRecovery} ms later at most`)
}

function printOffences({ list }: Offences, print: Print): boolean {
  print('\nOffences:')
  for (const offence of OFFENCES) {
    const { count, cases } = list.get(offence) ?? { count: 0, cases: [] }
    print(`  ${offence}: ${count}`)
    for (const one of cases) print(`    ${one}`)
  }
  print(list.size === 0 ? '\nEverything held.' : '\nNOT everything held.')
  return list.size === 0
}

function table(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)))
  const pad = (cell: string | number, i: number): string =>
    typeof cell === 'number' ? String(cell).padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd()).join('\n')
}
