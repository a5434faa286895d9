import type { Counter, CounterSettings, Counters } from './counters'
import { NO_DEMAND, stepOf, type Demand } from './demand'

/** So many networks are known in each window. Who has not asked for longest is forgotten, and begins anew. */
const MOST_NETWORKS = 60_000

/** Counters of one process: bounded in memory, without timers, and forgotten as a whole when their window ends. */
export function memoryCounters(now: () => number): Counters {
  return { counter: (settings) => memoryCounter(settings, now) }
}

function memoryCounter({ ms, limit, most }: CounterSettings, now: () => number): Counter {
  let window = openWindow(-Infinity, NO_DEMAND)

  function current(): typeof window {
    const age = now() - window.began
    // A clock that was set back begins anew too.
    if (age >= ms || age < 0) window = openWindow(now(), age < 2 * ms ? window.demand : NO_DEMAND)
    return window
  }

  return {
    count(places, marks) {
      const open = current()
      const { began, own, shared, demand, before } = open
      const counts = places.own.map((network) => own.get(network))
      const asked = shared.get(places.shared)
      if (!counts.some((count) => count >= limit)) {
        if (marks.own) places.own.forEach((network, i) => own.set(network, Number(counts[i]) + 1))
        if (marks.shared && asked < most) {
          shared.set(places.shared, asked + 1)
          open.demand = oneMore(demand, asked + 1)
        }
      }
      return { own: counts, shared: asked, demand, before, elapsed: now() - began }
    },
  }
}

function openWindow(began: number, before: Demand) {
  return { began, before, demand: NO_DEMAND, own: createTable(), shared: createTable() }
}

/** @param asks how often the network that asks has asked by now */
function oneMore({ asked, reached }: Demand, asks: number): Demand {
  const step = stepOf(asks)
  if (step === undefined) return { asked: asked + 1, reached }
  const changed = reached.slice()
  changed[step] = (changed[step] ?? 0) + 1
  return { asked: asked + 1, reached: changed }
}

/** Numbers by network, in two generations: where the younger is full it becomes the older, and what that was is forgotten. */
function createTable() {
  let [young, old] = [new Map<string, number>(), new Map<string, number>()]
  return {
    get: (network: string): number => young.get(network) ?? old.get(network) ?? 0,
    set(network: string, count: number): void {
      if (young.size >= MOST_NETWORKS / 2 && !young.has(network)) [young, old] = [new Map(), young]
      young.set(network, count)
    },
  }
}
