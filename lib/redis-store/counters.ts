import type { Counter, CounterSettings, Counters, Counts } from '../fairness/counters'
import { stepOf, type Demand } from '../fairness/demand'
import type { Ask } from './asking'
import { asText, type Redis } from './redis'
import { COUNT } from './scripts'

/** Counters in Redis, for all nodes together: one command for each ask, and keys that expire by themselves. */
export function createCounters(redis: Redis, ask: Ask, prefix: string): Counters {
  return { counter: (settings) => createCounter(settings, redis, ask, prefix) }
}

function createCounter({ name, ms, limit, most }: CounterSettings, redis: Redis, ask: Ask, prefix: string): Counter {
  // The braces are Redis Cluster's: whatever is between them decides where a key lives, so the keys of a counter live together.
  const at = `${prefix}limit:{${name}}`
  return {
    async count({ own, shared }, marks): Promise<Counts> {
      const keys = [
        `${at}:now`,
        `${at}:before`,
        `${at}:shared:${shared}`,
        ...own.map((network) => `${at}:own:${network}`),
      ]
      const args = [ms, limit, most, Number(marks.own), Number(marks.shared)].map(String)
      const found = (await ask(() => redis.run(COUNT, keys, args))) as readonly unknown[]
      const [elapsed, counts, now, before] = found as [unknown, unknown[], unknown[], unknown[]]
      const [sharedCount = 0, ...ownCounts] = counts.map(numberOf)
      return {
        own: ownCounts,
        shared: sharedCount,
        demand: demandOf(now),
        before: demandOf(before),
        elapsed: Number(elapsed),
      }
    },
  }
}

const numberOf = (answer: unknown): number => Number(asText(answer) ?? 0)

/** A hash's fields and values in turn: `asked`, and how many networks have reached each step. */
function demandOf(hash: readonly unknown[]): Demand {
  const reached: number[] = []
  let asked = 0
  for (let i = 0; i < hash.length; i += 2) {
    const [field, value] = [asText(hash[i]), numberOf(hash[i + 1])]
    if (field === 'asked') asked = value
    const step = stepOf(Number(field))
    if (step !== undefined) reached[step] = value
  }
  return { asked, reached }
}
