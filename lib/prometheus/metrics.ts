import type { Counter, Gauge, Histogram, PromClient } from './client'

/** From 5 ms to the longest `timeout` that the plugin takes. */
const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10, 30]
/** From an idle computer to the end of a challenge's life. */
const SOLVE_SECONDS = [0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600]

interface Configuration {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly registers: readonly object[]
  readonly buckets?: readonly number[]
  /** How the workers of a cluster are put together: `sum` by default, by which a mode would be the number of workers that are up. */
  readonly aggregator?: 'min' | 'max'
}

/** Makes every metric in that registry. prom-client throws where it holds one of the name already. */
export function createMetrics(client: PromClient, register: object) {
  const make =
    <Metric>(Kind: new (configuration: never) => Metric, more: Pick<Configuration, 'buckets' | 'aggregator'> = {}) =>
    (name: string, help: string, ...labelNames: string[]): Metric =>
      new (Kind as unknown as new (configuration: Configuration) => Metric)({
        name,
        help,
        labelNames,
        registers: [register],
        ...more,
      })
  const counter = make<Counter>(client.Counter)
  const gauge = make<Gauge>(client.Gauge, { aggregator: 'min' })
  const worst = make<Gauge>(client.Gauge, { aggregator: 'max' })
  const callSeconds = make<Histogram>(client.Histogram, { buckets: CALL_SECONDS })
  const solveSeconds = make<Histogram>(client.Histogram, { buckets: SOLVE_SECONDS })

  return {
    issues: counter('geetest_issue_total', 'Challenges issued', 'scene', 'mode'),
    verdicts: counter('geetest_verify_total', 'Answers and passes judged', 'scene', 'mode', 'outcome'),
    denials: counter('geetest_deny_total', 'Visitors who were not let through or had to wait', 'scene', 'reason'),
    replays: counter('geetest_replay_blocked_total', 'Answers that were used before', 'scene'),
    solves: solveSeconds(
      'geetest_downtime_solve_seconds',
      'From the issue of a downtime challenge to its right answer',
      'scene',
    ),
    allowed: counter('geetest_allowed_total', 'Visitors who passed unverified under downtime: allow', 'scene'),
    budget: counter('geetest_budget_exceeded_total', 'Visitors whom a downtime budget told to wait', 'scene', 'act'),
    storeErrors: counter('geetest_store_errors_total', 'Calls to the store that failed', 'scene'),
    upstream: callSeconds('geetest_upstream_seconds', 'Calls to the captcha cloud', 'scene', 'call', 'outcome'),
    queue: counter('geetest_queue_total', 'Visitors whose call had to wait or was refused', 'scene', 'call', 'outcome'),
    mode: gauge('geetest_mode', 'Whether the captcha cloud counts as up (1) or down (0)', 'scene'),
    modeChanges: counter('geetest_mode_changes_total', 'Changes of the mode', 'scene', 'to', 'cause'),
    nodesDiffer: worst(
      'geetest_nodes_differ',
      'Whether the nodes of the site differ (1) in what must be equal',
      'scene',
      'what',
    ),
    orders: counter('geetest_orders_total', 'Orders by operators', 'scene', 'to'),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
