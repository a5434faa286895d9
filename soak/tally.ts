import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'

/** What kind of request it was, for latencies. */
export type Act = 'getcaptcha' | 'validate' | 'guarded'

export interface Count {
  readonly kind: string
  readonly outcome: string
  /** While cloud and store were healthy. */
  healthy: number
  /** While one of them was not, or after a killed process had been in it. */
  disturbed: number
}

/** Milliseconds. */
export interface Latency {
  readonly act: Act
  readonly when: 'healthy' | 'disturbed'
  readonly requests: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface Tally {
  /** Visits that are over. */
  visits: number
  requests: number
  readonly counts: readonly Count[]
  readonly latencies: readonly Latency[]
  count(kind: string, outcome: string, healthy: boolean): void
  time(act: Act, healthy: boolean, ms: number): void
}

export function createTally(): Tally {
  const counts = new Map<string, Count>()
  const times = new Map<string, { act: Act; healthy: boolean; histogram: RecordableHistogram }>()
  return {
    visits: 0,
    requests: 0,
    get counts() {
      return [...counts.values()].toSorted((a, b) => a.kind.localeCompare(b.kind) || a.outcome.localeCompare(b.outcome))
    },
    get latencies() {
      return [...times.values()].map(({ act, healthy, histogram }): Latency => ({
        act,
        when: healthy ? 'healthy' : 'disturbed',
        requests: histogram.count,
        p50: histogram.percentile(50),
        p99: histogram.percentile(99),
        max: histogram.max,
      }))
    },
    count(kind, outcome, healthy) {
      const key = `${kind} ${outcome}`
      const count = counts.get(key) ?? { kind, outcome, healthy: 0, disturbed: 0 }
      counts.set(key, count)
      count[healthy ? 'healthy' : 'disturbed'] += 1
    },
    time(act, healthy, ms) {
      const key = `${act} ${healthy}`
      const timed = times.get(key) ?? { act, healthy, histogram: createHistogram() }
      times.set(key, timed)
      timed.histogram.record(Math.max(ms, 1))
    },
  }
}
