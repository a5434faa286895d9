import { setTimeout as wait } from 'node:timers/promises'
import type { Simulator } from 'express-geetest/simulator'
import type { Calendar } from './calendar'
import type { Nodes } from './nodes'
import type { Redis } from './redis'
import { ROUND_SECONDS, ROUNDS, type Act } from './timetable'

export interface ChaosParts {
  readonly simulator: Simulator
  readonly redis: Redis
  readonly nodes: Nodes
  readonly calendar: Calendar
  /** How much of the run is over, from 0 to 1. */
  readonly progress: () => number
}

export interface Chaos {
  /** How often each thing was done. */
  readonly done: ReadonlyMap<string, number>
  /** Whether so much was broken that the run says something. */
  readonly complete: boolean
  /** Breaks nothing any more; resolves when everything is mended. */
  stop(): Promise<void>
}

/** The only node that still dies late in the run: the memory of the others must be seen to stay flat. */
const MORTAL = 3
const LATE = 0.4
/** Rounds that every run has. */
const LEAST_ROUNDS = 2

/** Breaks things by the timetable, round after round. */
export function startChaos(parts: ChaosParts): Chaos {
  const done = new Map<string, number>()
  const act = acting(parts)
  let rounds = 0
  const stopped = new AbortController()
  const { signal } = stopped

  /** Ends early when the run is over. */
  async function until(time: number): Promise<void> {
    await wait(Math.max(time - Date.now(), 0), undefined, { signal }).catch(() => undefined)
  }

  async function round(): Promise<void> {
    const begun = Date.now()
    const acts = (ROUNDS[rounds % ROUNDS.length] ?? []).map(async ([second, one]) => {
      await until(begun + second * 1000)
      if (signal.aborted) return
      const name = one.what === 'cloud' ? `cloud: ${one.fault}` : one.what
      done.set(name, (done.get(name) ?? 0) + 1)
      await act(one, name)
    })
    await Promise.all(acts)
    if (!signal.aborted) rounds += 1
    await until(begun + ROUND_SECONDS * 1000)
  }

  async function run(): Promise<void> {
    while (!signal.aborted) await round()
  }

  const running = run()
  return {
    done,
    get complete() {
      return rounds >= LEAST_ROUNDS
    },
    stop() {
      stopped.abort()
      return running
    },
  }
}

function acting({ simulator, redis, nodes, calendar, progress }: ChaosParts) {
  let victim = 0

  function killWorker(): Promise<void> {
    victim = (victim % MORTAL) + 1
    return nodes.kill(progress() < LATE ? victim : MORTAL)
  }

  async function breaking(one: Exclude<Act, { what: 'worker killed' }>): Promise<() => void | Promise<void>> {
    switch (one.what) {
      case 'cloud':
        await simulator.fault(one.fault, one.options)
        return () => simulator.fault('none')
      case 'redis killed':
        await redis.kill()
        return () => redis.start()
      case 'redis stopped':
        redis.hang(true)
        return () => redis.hang(false)
      case 'redis full':
        await redis.fill(true)
        return () => redis.fill(false)
    }
  }

  return async (one: Act, name: string): Promise<void> => {
    if (one.what === 'worker killed') return killWorker()
    const over = calendar.begin(one.what === 'cloud' ? 'cloud' : 'store', name)
    const mend = await breaking(one)
    await wait(one.seconds * 1000)
    await mend()
    over()
  }
}
