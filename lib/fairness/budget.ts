import type { Counters } from './counters'
import { createQuota, type Quota, type Standing } from './quota'
import { standpointOf, type Visitor } from './visitor'

/**
 * Limits that hold while the cloud is down, all by the minute. Work alone bounds the cost of one attempt, not their number.
 *
 * What all together may have is shared out among networks, an IPv4 /24 or an IPv6 /48 being one: whoever asks for less than a fair share gets
 * it, whenever in the minute they come, and the first 5 of every network have room in any case. So the first minute of an
 * attack may see more than the totals say.
 */
export interface BudgetOptions {
  /**
   * Challenges issued to one network, which is an IPv4 address or an IPv6 /64, /56 or /48. Default 300, because offices and phone
   * networks share one; from 1 to 1,000,000.
   */
  readonly issues?: number | undefined
  /** Challenges issued to everyone together, shared out fairly. Default 6000; from 1 to 1,000,000. */
  readonly totalIssues?: number | undefined
  /** Wrong answers from one network, as above. Default 60; from 1 to 1,000,000. */
  readonly failures?: number | undefined
  /** Wrong answers from everyone together that used up a challenge, shared out fairly. Default 1200; from 1 to 1,000,000. */
  readonly totalFailures?: number | undefined
}

export const BUDGET_DEFAULTS = { issues: 300, totalIssues: 6000, failures: 60, totalFailures: 1200 } as const

const MINUTE = 60_000

/** Each rejects with `store_error` where counting fails. */
export interface Budget {
  /** Whether there is room for one more challenge, and how much work it should ask for. */
  issue(visitor: Visitor): Promise<Standing>
  /** How many seconds to wait before one more attempt is looked at; `undefined` if there is room. */
  attempt(visitor: Visitor): Promise<number | undefined>
  /** Counts a wrong answer; `costly` ones, which used up a challenge, count where all share too. */
  failed(visitor: Visitor, costly: boolean): Promise<void>
}

export const noBudget: Budget = {
  issue: () => Promise.resolve({ work: 1 }),
  attempt: () => Promise.resolve(undefined),
  failed: () => Promise.resolve(),
}

/** Everything that a budget is made from. */
export interface BudgetParts {
  /** Whose budgets these are: scenes that share a store do not share them. */
  readonly owner: string
  readonly counters: Counters
  /** How counting is asked for, which may fail where a store counts. */
  readonly ask: <T>(count: () => PromiseLike<T>) => Promise<T>
}

export function createBudget(options: BudgetOptions, { owner, counters, ask }: BudgetParts): Budget {
  const limitOf = (name: keyof BudgetOptions): number => options[name] ?? BUDGET_DEFAULTS[name]
  const quotaOf = (each: 'issues' | 'failures', total: 'totalIssues' | 'totalFailures'): Quota =>
    createQuota({ name: `${owner}:${each}`, ms: MINUTE, each: limitOf(each), total: limitOf(total) }, counters)
  const issues = quotaOf('issues', 'totalIssues')
  const failures = quotaOf('failures', 'totalFailures')

  return {
    issue: (visitor) =>
      ask(async () => {
        const at = standpointOf(visitor)
        // A session costs nothing, so that strangers are counted as one.
        const one = at.known ? at : { ...at, own: [] }
        const [issue, failure] = await Promise.all([issues.take(one), failures.look(at)])
        return { wait: issue.wait, work: Math.max(issue.work, failure.work) }
      }),
    attempt: (visitor) => ask(async () => (await failures.look(standpointOf(visitor))).wait),
    failed: (visitor, costly) =>
      ask(async () => {
        const at = standpointOf(visitor)
        // A stranger's wrong answers must not refuse others their right ones; and junk costs nothing and no session.
        if (at.known || costly) await failures.add(at, { own: true, shared: at.known && costly })
      }),
  }
}
