import { array, assert, asyncProperty, boolean, constant, constantFrom, integer, nat, oneof, record } from 'fast-check'
import { alone, createExchange, createOutage, isWord, type Look, type Report, type Word } from '../../lib/outage'
import { SharedStore } from '../support/shared-store'
import { fakeWorld } from '../support/world'

const ENDPOINTS = ['register', 'validate'] as const
type Endpoint = (typeof ENDPOINTS)[number]

/** What a node meets when it calls an endpoint; a hang ends at the deadline. */
type View = 'ok' | 'lost' | 'hang' | 'busy'
const views: readonly View[] = ['ok', 'lost', 'hang', 'busy']
const DEADLINE_MS = 1_500
const LATENCY_MS = 40
/** A visitor of each node calls each endpoint that often. */
const VISIT_MS = 1_000
/** Two probes of its own, and the longest that a node leaves looking to others. */
const BACK_AFTER_MS = 150_000

interface Segment {
  readonly ms: number
  readonly view: View
}
/** What one node sees of each endpoint, one segment after another; well after the last of them. */
type Sight = Readonly<Record<Endpoint, readonly Segment[]>>

interface Plan {
  readonly shares: boolean
  readonly nodes: readonly Sight[]
}

function viewAt(segments: readonly Segment[], time: number): View {
  let end = 0
  for (const { ms, view } of segments) {
    end += ms
    if (time < end) return view
  }
  return 'ok'
}

const lengthOf = (sight: Sight): number =>
  Math.max(...ENDPOINTS.map((endpoint) => sight[endpoint].reduce((sum, { ms }) => sum + ms, 0)))

/** The real outage of every node, in virtual time. */
async function live({ shares, nodes }: Plan, seed: number) {
  const world = fakeWorld()
  const begun = world.now()
  const store = new SharedStore(world.now)
  let state = seed
  /** Repeatable, and good enough for jitter. */
  const chance = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const wait = (ms: number) => new Promise<void>((resolve) => void world.later(ms, resolve))

  const running = nodes.map((sight) => {
    async function call(endpoint: Endpoint): Promise<Look> {
      const view = viewAt(sight[endpoint], world.now() - begun)
      await wait(view === 'hang' ? DEADLINE_MS : LATENCY_MS)
      if (view === 'busy') return { unseen: 'busy' }
      return { seen: view === 'ok' ? undefined : view }
    }
    const parts = (endpoint: Endpoint) => ({
      probe: () => call(endpoint),
      exchange: shares
        ? createExchange({ board: store, ask: (act) => act(), topic: endpoint, holds: 22_500, every: 5_000, isWord })
        : alone<Word>(),
    })
    const downs: number[] = []
    const outage = createOutage<Endpoint>({
      ...world,
      chance,
      endpoints: { register: parts('register'), validate: parts('validate') },
      onChange: ({ mode }) => void (mode === 'down' && downs.push(world.now() - begun)),
    })
    async function visit(endpoint: Endpoint, report: Report | undefined): Promise<void> {
      const look = await call(endpoint)
      if ('unseen' in look) report?.unseen()
      else report?.(look.seen, endpoint === 'validate')
    }
    function visitForEver(): void {
      const report = outage.admit('register')
      if (report !== undefined) void visit('register', report)
      void visit('validate', outage.observe('validate'))
      world.later(VISIT_MS * (0.5 + chance()), visitForEver)
    }
    visitForEver()
    return { sight, outage, downs }
  })

  /** Lets time pass, timer by timer, and everything happen that follows from each. */
  async function pass(ms: number): Promise<void> {
    const end = world.now() + ms
    while (world.now() < end) {
      world.advance(20)
      await new Promise(setImmediate)
    }
  }
  const close = () => running.forEach(({ outage }) => outage.close())
  return { running, pass, close }
}

const segments = array(record({ ms: integer({ min: 500, max: 20_000 }), view: constantFrom(...views) }), {
  maxLength: 3,
})
const well: Sight = { register: [], validate: [] }
const sights = oneof(
  { weight: 2, arbitrary: record({ register: segments, validate: segments }) },
  { weight: 1, arbitrary: constant(well) },
)
const plans = record({ shares: boolean(), nodes: array(sights, { minLength: 1, maxLength: 3 }) })

test('whatever nodes meet: who sees the cloud stays up, and all are up again when it has been well for long enough', async () => {
  await assert(
    asyncProperty(plans, nat(), async (plan, seed) => {
      const { running, pass, close } = await live(plan, seed)
      await pass(Math.max(...plan.nodes.map(lengthOf)))
      for (let waited = 0; waited < BACK_AFTER_MS; waited += 5_000) {
        if (running.every(({ outage }) => outage.status.mode === 'up')) break
        await pass(5_000)
      }
      close()
      expect(running.map(({ outage }) => outage.status.mode)).toEqual(plan.nodes.map(() => 'up'))
      expect(running.filter(({ sight }) => sight === well).flatMap(({ downs }) => downs)).toEqual([])
    }),
    { seed: 16, numRuns: 50 },
  )
}, 120_000)

/** One endpoint that fails for as long as the test takes. */
const failing = (endpoint: Endpoint, view: View): Sight => ({ ...well, [endpoint]: [{ ms: 1e9, view }] })

test.each(ENDPOINTS)('an outage of %s alone is noticed by every node, and of that endpoint alone', async (endpoint) => {
  const { running, pass, close } = await live({ shares: true, nodes: Array(3).fill(failing(endpoint, 'hang')) }, 1)
  await pass(20_000)
  close()
  expect(running.map(({ outage }) => outage.endpoints[endpoint]?.mode)).toEqual(['down', 'down', 'down'])
  const other = endpoint === 'register' ? 'validate' : 'register'
  expect(running.map(({ outage }) => outage.endpoints[other]?.mode)).toEqual(['up', 'up', 'up'])
})

test('one of three nodes with a broken way out is down alone', async () => {
  const broken: Sight = { register: [{ ms: 1e9, view: 'lost' }], validate: [{ ms: 1e9, view: 'lost' }] }
  const { running, pass, close } = await live({ shares: true, nodes: [broken, well, well] }, 2)
  await pass(60_000)
  close()
  expect(running.map(({ outage }) => outage.status.mode)).toEqual(['down', 'up', 'up'])
  expect(running.map(({ downs }) => downs.length)).toEqual([1, 0, 0])
})

test('a machine that is too busy to look, for however long, is no outage', async () => {
  const { running, pass, close } = await live({ shares: true, nodes: [failing('validate', 'busy'), well] }, 3)
  await pass(60_000)
  close()
  expect(running.map(({ downs }) => downs.length)).toEqual([0, 0])
})
