// What an outstanding ticket costs the memory store: bytes by the heap after garbage collection, and time by how many there are.
// Tickets come from the plugin itself, without Express, and from a cloud without a network.
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { MemoryStore, type AxiosLike, type Ticket } from '../lib'
import { createCore, type Core } from '../lib/core'
import { emitter } from '../lib/events'
import { later } from '../lib/later'

const SIZES = [1, 1000, 10_000, 100_000]
/** From how many networks they come; the last: every visitor has one of their own. */
const NETWORKS = [1, 1000, Infinity]
/** What is promised. Of fewer tickets than the least, the heap's own ups and downs would be told as theirs. */
const MOST_BYTES = 400
const LEAST_TICKETS = 10_000
/** How much a request may cost among 100,000 tickets, as a multiple of what it costs beside one: memory has caches, too. */
const MOST_TIMES = 2
const ROUNDS = 50_000
const ISSUES = 5000
/** The shortest deadline for a call: its timers hold memory, too. */
const TIMEOUT = 50

const collect = (globalThis as { gc?: () => void }).gc
if (collect === undefined) throw new Error('write node --expose-gc, as npm run bench:memory does')

const standIn: AxiosLike = {
  request: () => Promise.resolve({ status: 200, data: JSON.stringify({ challenge: randomBytes(16).toString('hex') }) }),
}

/** What is in use once timers have rung and garbage is gone. */
async function inUse(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    // What the end of a call leaves behind is cleared up between two collections.
    await wait(2 * TIMEOUT)
    collect?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const addressOf = (visitor: number, networks: number): string => {
  const network = visitor % networks
  return `10.${network >> 16}.${(network >> 8) & 255}.${network & 255}`
}

interface Site {
  readonly core: Core
  readonly store: MemoryStore
  /** Ids and networks of what was put last. */
  readonly put: [id: string, network: string][]
}

function site(limit: number): Site {
  const put: Site['put'] = []
  class Watched extends MemoryStore {
    override put(...given: Parameters<MemoryStore['put']>): void {
      if (put.length < 100) put.push([given[0], String(given[3])])
      super.put(...given)
    }
  }
  const store = new Watched({ limit })
  const settings = {
    captchaId: '0123456789abcdef0123456789abcdef',
    privateKey: 'the-key-of-the-bench',
    apiServer: 'http://127.0.0.1:1',
    allowInsecure: false,
    digest: 'md5',
    newCaptcha: true,
    timeout: TIMEOUT,
    version: 3,
    http: standIn,
    scene: 'default',
    downtime: 'proof-of-work',
    budgets: false,
    bypass: false,
    prefetch: false,
    resets: true,
    store,
    sendUserId: 'hash',
    sendAddress: true,
    warnings: true,
    site: false,
  } as const
  const core = createCore(settings, { now: Date.now, random: randomBytes, later }, emitter(undefined))
  return { core, store, put }
}

/** As a request comes in: nothing of it is known before. */
async function issue({ core }: Site, visitor: number, networks: number): Promise<void> {
  const session = createHash('sha256').update(randomBytes(16)).digest('hex').slice(0, 32)
  const user = randomBytes(8).toString('hex')
  await core.captcha.issue({
    session,
    user,
    visitor: { clientType: 'web', ipAddress: addressOf(visitor, networks) },
  })
}

/** Of the processor's time: whatever else the machine does is not counted. */
function microseconds(begun: NodeJS.CpuUsage, rounds: number): number {
  const { user, system } = process.cpuUsage(begun)
  return Number(((user + system) / rounds).toFixed(2))
}

/** A record is taken and put back: the store does the most that it ever does for one request, and keeps its size. */
function takeAndPut({ store, put }: Site): number {
  const begun = process.cpuUsage()
  for (let i = 0; i < ROUNDS; i++) {
    const [id, network] = put[i % put.length] as Site['put'][0]
    store.put(id, store.take(id) as Ticket, 600_000, network)
  }
  return microseconds(begun, ROUNDS)
}

/** The store is full, so that it keeps its size. */
async function issues(place: Site, networks: number): Promise<number> {
  const begun = process.cpuUsage()
  for (let i = 0; i < ISSUES; i++) await issue(place, i, networks)
  return microseconds(begun, ISSUES)
}

interface Row {
  readonly mode: string
  readonly networks: string
  readonly tickets: number
  readonly 'heap in kB': number
  readonly 'bytes a ticket': number | '-'
  readonly 'µs take and put': number
  readonly 'µs issue': number
}

async function measure(mode: 'online' | 'downtime', networks: number, size: number): Promise<Row> {
  const place = site(size)
  if (mode === 'downtime') place.core.outage.force({ mode: 'down', reason: 'bench', seconds: 86_400 })
  const before = await inUse()
  for (let i = 0; i < size; i++) await issue(place, i, networks)
  const bytes = (await inUse()) - before
  if (place.store.size !== size) throw new Error(`the store holds ${place.store.size} tickets, not ${size}`)
  const row = {
    mode,
    networks: networks === Infinity ? 'one each' : String(networks),
    tickets: size,
    'heap in kB': Math.round(bytes / 1000),
    'bytes a ticket': size < LEAST_TICKETS ? ('-' as const) : Math.round(bytes / size),
    'µs take and put': takeAndPut(place),
    'µs issue': await issues(place, networks),
  }
  place.core.close()
  return row
}

async function main(): Promise<void> {
  // Once for nothing, so that code is compiled and the first row is no dearer than the others.
  await measure('online', 1000, 100_000)
  await measure('downtime', 1000, 10_000)
  const rows: Row[] = []
  for (const mode of ['online', 'downtime'] as const) {
    for (const networks of NETWORKS) {
      for (const size of SIZES) rows.push(await measure(mode, networks, size))
    }
  }
  console.table(rows)
  const largest = Math.max(...rows.flatMap((row) => (row['bytes a ticket'] === '-' ? [] : row['bytes a ticket'])))
  const times = NETWORKS.map((_, i) => {
    const costs = rows.slice(i * SIZES.length, (i + 1) * SIZES.length).map((row) => row['µs issue'])
    return (costs.at(-1) ?? NaN) / (costs[0] ?? NaN)
  })
  const steepest = Math.max(...times)
  const verdicts: [boolean, string][] = [
    [largest <= MOST_BYTES, `at most ${MOST_BYTES} bytes a ticket (it was ${largest})`],
    [
      steepest <= MOST_TIMES,
      `an issue among 100,000 tickets costs at most ${MOST_TIMES} times what it costs beside one (it was ${steepest.toFixed(2)})`,
    ],
  ]
  for (const [good, words] of verdicts) console.log(`${good ? 'yes' : 'NO '}  ${words}`)
  process.exit(verdicts.every(([good]) => good) ? 0 : 1)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
