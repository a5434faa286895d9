import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import { networkOf } from './network'
import type { StoreCall } from './store-call'

/** Limits that hold while the cloud is down, all by the minute. Work alone bounds the cost of one attempt, not their number. */
export interface BudgetOptions {
  /** Challenges issued to one address. Default 300, because offices and phone networks share one address. */
  readonly issues?: number | undefined
  /** Challenges issued to everyone together. Default 6000. */
  readonly totalIssues?: number | undefined
  /** Wrong answers from one address. Default 60. */
  readonly failures?: number | undefined
  /** Wrong answers from everyone together that used up a challenge. Default 1200. */
  readonly totalFailures?: number | undefined
}

export const BUDGET_DEFAULTS = { issues: 300, totalIssues: 6000, failures: 60, totalFailures: 1200 } as const

const MINUTE_SECONDS = 60

/** Where limits are counted. A store that several nodes share counts them there; else each process counts for itself. */
export interface Limiters {
  /** A counter of its own for each name: at most `points` in `duration` seconds for one key. */
  limiter(settings: { keyPrefix: string; points: number; duration: number }): RateLimiterAbstract
}

const inMemory: Limiters = { limiter: (settings) => new RateLimiterMemory(settings) }

/** Each answers how many seconds to wait, or `undefined` if there is room; rejects with `store_error` where counting fails. */
export interface Budget {
  issue(address: string | undefined): Promise<number | undefined>
  /** Whether one more attempt may be looked at. */
  attempt(address: string | undefined): Promise<number | undefined>
  /** Counts a wrong answer; `costly` ones, which used up a challenge, count for everyone together too. */
  failed(address: string | undefined, costly: boolean): Promise<unknown>
}

export const noBudget: Budget = {
  issue: () => Promise.resolve(undefined),
  attempt: () => Promise.resolve(undefined),
  failed: () => Promise.resolve(undefined),
}

/** Everything that a budget is made from. */
export interface BudgetParts {
  /** Whose budgets these are: scenes that share a store do not share them. */
  readonly owner: string
  readonly limiters?: Limiters | undefined
  readonly ask: StoreCall
}

export function createBudget(options: BudgetOptions, { owner, limiters = inMemory, ask }: BudgetParts): Budget {
  const limiter = (name: keyof typeof BUDGET_DEFAULTS): RateLimiterAbstract =>
    limiters.limiter({
      keyPrefix: `${owner}:${name}`,
      points: options[name] ?? BUDGET_DEFAULTS[name],
      duration: MINUTE_SECONDS,
    })
  const issues = pair(limiter('issues'), limiter('totalIssues'))
  const failures = pair(limiter('failures'), limiter('totalFailures'))
  return {
    issue: (address) => ask(() => issues.consume(address)),
    attempt: (address) => ask(() => failures.room(address)),
    failed: (address, costly) => ask(() => failures.consume(address, costly)),
  }
}

/** A limit for each address and one for all. The first that is exceeded stops the count, so that one address cannot use up all. */
function pair(each: RateLimiterAbstract, all: RateLimiterAbstract) {
  return {
    async consume(address: string | undefined, forAll = true): Promise<number | undefined> {
      try {
        await each.consume(networkOf(address))
        // What costs nothing must not use up what all share: junk would lock everyone out.
        if (forAll) await all.consume('all')
        return undefined
      } catch (exceeded) {
        return seconds(exceeded)
      }
    },
    async room(address: string | undefined): Promise<number | undefined> {
      const [own, total] = await Promise.all([each.get(networkOf(address)), all.get('all')])
      if (own !== null && own.consumedPoints >= each.points) return seconds(own)
      if (total !== null && total.consumedPoints >= all.points) return seconds(total)
      return undefined
    },
  }
}

function seconds(exceeded: unknown): number {
  if (!(exceeded instanceof RateLimiterRes)) throw exceeded
  return Math.max(1, Math.ceil(exceeded.msBeforeNext / 1000))
}
