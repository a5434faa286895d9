import { setTimeout as wait } from 'node:timers/promises'
import { createSimulator, type Simulator } from 'express-geetest/simulator'
import { createAudit, type Audit } from './audit'
import { createCalendar } from './calendar'
import { startChaos, type Chaos } from './chaos'
import { runCrowd } from './crowd'
import { createInspection, type Inspection } from './inspection'
import { createMemory, type Memory } from './memory'
import { startNodes, type Life, type Nodes } from './nodes'
import { createOffences, type Offences } from './offences'
import { startRedis, type Redis } from './redis'
import type { Settings } from './settings'
import type { Told } from './site'
import { createTally, type Tally } from './tally'

/** What a soak has seen. */
export interface Seen {
  readonly begun: number
  readonly ended: number
  readonly tally: Tally
  readonly inspection: Pick<Inspection, 'slowestRecovery'>
  readonly audited: Audit['audited']
  readonly memory: Memory
  readonly broken: Chaos['done']
  readonly offences: Offences
  /** Bytes that Redis held, and this process, which is cloud, crowd and auditor. */
  readonly others: readonly { readonly redis: number; readonly soak: number }[]
}

const NODES = 3
const COMPARE_MS = 5000
const MEASURE_MS = 2000
const SAY_MS = 10_000
/** Milliseconds for the last messages of the servers to arrive. */
const SETTLE_MS = 3000

/** @param say told how it goes, now and then */
export async function soak(settings: Settings, say: (text: string) => void): Promise<Seen> {
  const now = Date.now
  const offences = createOffences(now)
  const { offend } = offences
  const calendar = createCalendar(now)
  const tally = createTally()
  const inspection = createInspection(calendar, tally, offend)
  const memory = createMemory()
  const simulator = createSimulator()
  const audit = createAudit(simulator, offend, now)
  const site = await startSite(simulator, { audit, memory, offend })
  const { redis, nodes } = site

  const begun = now()
  const progress = (): number =>
    Math.min(tally.visits / settings.logins, (now() - begun) / 1000 / Math.max(settings.seconds, 1))
  const chaos = startChaos({ simulator, redis, nodes, calendar, progress })
  const others: { redis: number; soak: number }[] = []
  const timers = [
    setInterval(() => audit.compare(false), COMPARE_MS),
    setInterval(() => nodes.measure(), MEASURE_MS),
    setInterval(() => void measureOthers(redis).then((sizes) => others.push(sizes), ignore), COMPARE_MS),
    // The simulator's log of calls is nobody's book here.
    setInterval(() => simulator.forget(), SAY_MS),
    setInterval(() => say(`${Math.round((now() - begun) / 1000)} s: ${tally.visits} logins`), SAY_MS),
  ]
  const stage = { nodes, simulator, calendar, audit, tally, inspect: inspection.inspect, offend }
  await runCrowd(stage, () => progress() >= 1 && chaos.complete)
  const ended = now()
  timers.forEach(clearInterval)
  await chaos.stop()
  await wait(SETTLE_MS)
  audit.compare(true)
  await site.stop()
  return { begun, ended, tally, inspection, audited: audit.audited, memory, broken: chaos.done, offences, others }
}

interface Listeners {
  readonly audit: Audit
  readonly memory: Memory
  readonly offend: Offences['offend']
}

/** The cloud, Redis and the server processes. */
async function startSite(
  simulator: Simulator,
  { audit, memory, offend }: Listeners,
): Promise<{ redis: Redis; nodes: Nodes; stop: () => Promise<void> }> {
  function told(word: Told, life: Life): void {
    if (word.type === 'accepted') audit.accepted(word)
    else if (word.type === 'memory') memory.add(life, { at: Date.now(), heap: word.heap, rss: word.rss })
    else if (word.type === 'trouble') offend('trouble in a server process', `node ${life.node}: ${word.text}`)
  }
  await simulator.start()
  const redis = await startRedis()
  const { captchaId, privateKey, url } = simulator
  const env = { REDIS_URL: redis.url, GEETEST_ID: captchaId, GEETEST_KEY: privateKey, GEETEST_API_SERVER: url }
  const nodes = await startNodes(NODES, env, {
    told,
    crashed: (node, how) => offend('crash', `node ${node} ${how}`),
  })
  async function stop(): Promise<void> {
    await nodes.stop()
    await redis.kill()
    await simulator.stop()
  }
  return { redis, nodes, stop }
}

async function measureOthers(redis: Redis): Promise<{ redis: number; soak: number }> {
  return { redis: await redis.memory(), soak: process.memoryUsage.rss() }
}

/** It is down, and has no size. */
const ignore = (): void => undefined
