import type { Counter, CounterSettings, Counters } from './counters'
import { NO_DEMAND, stepOf, type Demand } from './demand'

/** So many networks are known in each window. Whoever asked longest ago is forgotten first, and begins anew. */
const MOST_NETWORKS = 60_000

/** Counters of one process: bounded in memory, without timers, and forgotten as a whole when their window ends. */
export function memoryCounters(now: () => number): Counters {
  return { counter: (settings) => memoryCounter(settings, now) }
}

function memoryCounter({ ms, limit, most }: CounterSettings, now: () => number): Counter {
  let window = openWindow(now(), NO_DEMAND)

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
      const counts = places.own.map((network) => own.get(network) ?? 0)
      const asked = shared.get(places.shared) ?? 0
      if (!counts.some((count) => count >= limit)) {
        if (marks.own) places.own.forEach((network, i) => put(own, network, Number(counts[i]) + 1))
        if (marks.shared && asked < most) {
          put(shared, places.shared, asked + 1)
          open.demand = oneMore(demand, asked + 1)
        }
      }
      return { own: counts, shared: asked, demand, before, elapsed: now() - began }
    },
  }
}

function openWindow(began: number, before: Demand) {
  return { began, before, demand: NO_DEMAND, own: new Map<string, number>(), shared: new Map<string, number>() }
}

/** @param asks how often the network that asks has asked by now */
function oneMore({ asked, reached }: Demand, asks: number): Demand {
  const step = stepOf(asks)
  if (step === undefined) return { asked: asked + 1, reached }
  const changed = reached.slice()
  changed[step] = (changed[step] ?? 0) + 1
  return { asked: asked + 1, reached: changed }
}

/** At the young end, so that the oldest is the first. */
function put(counts: Map<string, number>, network: string, count: number): void {
  counts.delete(network)
  counts.set(network, count)
  if (counts.size <= MOST_NETWORKS) return
  for (const oldest of counts.keys()) return void counts.delete(oldest)
}
