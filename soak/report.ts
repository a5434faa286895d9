import { kinds } from './crowd'
import { growth, MOST_GROWTH } from './memory'
import type { Seen } from './run'

const megabytes = (bytes: number): string => (Number.isNaN(bytes) ? '' : (bytes / 2 ** 20).toFixed(1))

/** What must have been there, or all the rest says nothing. Adds to the offences what was not. */
export function holdAgainst({ tally, memory, begun, ended, offences: { offend } }: Seen): void {
  for (const kind of kinds) {
    const seen = tally.counts.some((count) => count.kind === kind && count.healthy > 0)
    if (!seen) offend('nothing shown', `nobody of kind ${kind} came while cloud and store were healthy`)
  }
  const lived = memory.quarters(begun, ended)
  if (lived.length < 2) offend('nothing shown', `${lived.length} server processes lived through the second half`)
  for (const { node, heap, rss } of lived) {
    for (const [what, means] of Object.entries({ heap, rss })) {
      const grown = growth(means)
      // Also where there is nothing to compare.
      if (!(grown < MOST_GROWTH)) offend('memory grows', `node ${node}: ${what} ${means.map(megabytes).join(' → ')} MB`)
    }
  }
}

const isHonest = ({ kind }: { kind: string }): boolean => kind.startsWith('honest')

/** Prints everything; answers whether all held. */
export function report(seen: Seen, print: (text: string) => void): boolean {
  const { begun, ended, tally, inspection, audited, memory, broken, offences, others } = seen
  const seconds = (ended - begun) / 1000
  const count = (filter: (one: { kind: string; outcome: string }) => boolean, of: 'healthy' | 'disturbed'): number =>
    tally.counts.filter(filter).reduce((sum, one) => sum + one[of], 0)

  print(
    `\n${tally.visits} logins in ${Math.round(seconds)} s: ${Math.round(tally.visits / seconds)} a second, ${tally.requests} requests`,
  )
  print('\nWhat was broken, and how often:')
  for (const [what, times] of broken) print(`  ${what}: ${times}`)

  print('\nPosts by kind and outcome, while cloud and store were healthy and while not:')
  print(table(tally.counts.map((one) => [one.kind, one.outcome, one.healthy, one.disturbed])))

  print('\nLatencies in milliseconds:')
  print(
    table([
      ['request', 'while', 'number', 'p50', 'p99', 'max'],
      ...tally.latencies.map(({ act, when, requests, p50, p99, max }) => [act, when, requests, p50, p99, max]),
    ]),
  )

  print('\nMemory in MB, means of the quarters of the run (processes that lived through the second half):')
  for (const { node, heap, rss } of memory.quarters(begun, ended)) {
    for (const [what, means] of Object.entries({ heap, rss })) {
      print(`  node ${node} ${what}: ${means.map(megabytes).join(' → ')} (${(growth(means) * 100).toFixed(1)} %)`)
    }
  }
  const every = Math.max(1, Math.floor(others.length / 8))
  const some = others.filter((_, i) => i % every === 0)
  print(`  Redis: ${some.map(({ redis }) => megabytes(redis)).join(' → ')}`)
  print(`  cloud, crowd and auditor: ${some.map(({ soak }) => megabytes(soak)).join(' → ')}`)

  const passed = count((one) => isHonest(one) && one.outcome === 'ok', 'healthy')
  const asked = count((one) => isHonest(one) && one.outcome !== 'missing', 'healthy')
  print(
    `\nAudited: ${audited.answers} answers and ${audited.passes} passes let in, ${audited.exchanges} answers exchanged`,
  )
  print(
    `Honest while healthy: ${passed} of ${asked} accepted; in all, ${count(isHonest, 'disturbed')} honest posts were disturbed`,
  )
  print(`Last 503 of the store after Redis was back: ${inspection.slowestRecovery} ms`)
  return printOffences(offences, print)
}

const PROMISES = ['false accept', 'double accept', 'crash']

function printOffences({ list }: Seen['offences'], print: (text: string) => void): boolean {
  print('')
  for (const promise of new Set([...PROMISES, ...list.keys()])) {
    const { count, cases } = list.get(promise) ?? { count: 0, cases: [] }
    print(`${promise}: ${count}`)
    for (const one of cases) print(`    ${one}`)
  }
  const held = list.size === 0
  print(held ? '\nEverything held.' : '\nNOT everything held.')
  return held
}

function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)))
  const line = (row: readonly (string | number)[]): string =>
    row
      .map((cell, i) =>
        typeof cell === 'number' ? String(cell).padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join('  ')
  return rows.map((row) => `  ${line(row)}`).join('\n')
}
