// The crowd, in a process of its own, so that it does not measure itself: it does to a server what a case says.
import { setTimeout as wait } from 'node:timers/promises'
import { cases } from './cases/index.mjs'
import { serve } from './child.mjs'
import { Visitor } from './visitor.mjs'

let visitors = []
let tokens = []

/** Everybody works at the same heap, one piece at a time each, until it is used up. */
async function share(count, work) {
  let next = 0
  await Promise.all(
    visitors.map(async (visitor) => {
      while (next < count) await work(visitor, next++)
    }),
  )
}

const steps = {
  /** Connections, sessions, and warm code on the other side. */
  async arrive({ connections, warmUp, prepare, act }, port) {
    visitors = Array.from({ length: connections }, () => new Visitor(port))
    await share(warmUp, async (visitor) => act(visitor, await prepare?.(visitor)))
  },

  async prepare({ operations, stock = operations, prepare }) {
    tokens = []
    if (prepare) await share(stock, async (visitor) => tokens.push(await prepare(visitor)))
  },

  async act({ operations, seconds = Infinity, pause = 0, ignore = 0, act }) {
    const took = []
    let slowest = 0
    const begun = performance.now()
    const ends = begun + seconds * 1000
    await share(operations, async (visitor, i) => {
      const start = performance.now()
      if (start > ends) return
      await act(visitor, tokens[i])
      const time = performance.now() - start
      slowest = Math.max(slowest, time)
      if (start - begun >= ignore) took.push(time)
      if (pause > 0) await wait(pause)
    })
    const wall = performance.now() - begun
    took.sort((a, b) => a - b)
    const at = (share) => took[Math.floor((took.length - 1) * share)] ?? NaN
    return { done: took.length, wall, p50: at(0.5), p99: at(0.99), slowest }
  },

  leave() {
    for (const visitor of visitors) visitor.leave()
  },
}

serve({}, async ({ step, name, port }) => {
  const one = cases.find((other) => other.name === name)
  return (await steps[step](one, port)) ?? {}
})
