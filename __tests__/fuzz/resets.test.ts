import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { MemoryStore } from '../../lib'
import { md5, signValidate } from '../../lib/digest'
import { answer } from '../attacks/support/forgeries'
import { cookieIn, virtualSite } from '../attacks/support/virtual-site'
import { resetsModel, WrongVerdict, type Known, type Sent } from './resets-model'

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9)
/** A twentieth of what is asked for, and half of that: Express 4 and 5 share it. Where one failure is looked for, all of it is elsewhere. */
const MOVES = process.env.FUZZ_PATH ? 0 : Number(process.env.FUZZ_CASES ?? 100_000) / 40

/** So long one seed may take with all its shrinking, in milliseconds. */
const LIMIT = 60_000

const KEY = 'k'
/** So long the cloud may say yes to what it has made, in milliseconds, however often. */
const CLOUD_MS = 900_000
/** Two scenes on one store, and a third that keeps its own. Visitors have a session at each. */
const SITES = 3
const VISITORS = 3

type Move =
  | { readonly do: 'issue'; readonly who: number; readonly site: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'post'; readonly posts: readonly Post[] }
interface Post {
  readonly who: number
  readonly site: number
  /** Made by the cloud just now, or made before, or issued to the visitor, or to whomever. */
  readonly of: 'reset' | 'made' | 'own' | 'any'
  readonly pick: number
  readonly tail: string
  readonly signed: boolean
  readonly fate: 'yes' | 'no' | 'lost'
}

const who = fc.nat(VISITORS - 1)
const site = fc.constantFrom(0, 0, 0, 0, 1, 2)
const often = <T>(first: T, times: number, ...rest: T[]): fc.Arbitrary<T> =>
  fc.constantFrom(...Array<T>(times).fill(first), ...rest)
const post: fc.Arbitrary<Post> = fc.record({
  who,
  site,
  of: fc.constantFrom('reset', 'reset', 'reset', 'own', 'own', 'made', 'any'),
  pick: fc.nat(50),
  tail: often('', 6, 'a7', 'zz'),
  signed: often(true, 12, false),
  fate: often<Post['fate']>('yes', 12, 'no', 'lost'),
})
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('issue' as const), who, site }) },
  { weight: 8, arbitrary: post.map((one): Move => ({ do: 'post', posts: [one] })) },
  {
    weight: 2,
    arbitrary: fc.array(post, { minLength: 2, maxLength: 6 }).map((posts): Move => ({ do: 'post', posts })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(1000, 60_000, 299_999, 599_999, 600_000, 900_000),
    }),
  },
)
const life = fc.record({
  limit: fc.constantFrom(100_000, 100_000, 12),
  resets: often(true, 9, false),
  moves: fc.array(move, { minLength: 10, maxLength: 60, size: 'max' }),
})
type Life = typeof life extends fc.Arbitrary<infer L> ? L : never

const tally = { moves: 0, through: 0, followed: 0, denied: new Map<string, number>() }

async function live({ limit, resets, moves }: Life): Promise<void> {
  const pool: Known[] = []
  const fates = new Map<string, Post['fate']>()
  const sites = furnish(limit, resets, fates)
  const clock = sites[0]?.world
  const now = (): number => clock?.now() ?? 0
  const model = resetsModel(now)
  const cookies = new Map<string, string>()
  const addressOf = (one: number): string => `203.0.113.${one + 1}`

  async function issue(visitor: number, at: number): Promise<void> {
    const key = `${at} ${visitor}`
    const got = await (sites[at] as Site).issue(addressOf(visitor), cookies.get(key))
    if (!cookies.has(key)) cookies.set(key, cookieIn(got))
    const { success, challenge } = got.body as { success?: number; challenge?: string }
    if (success !== 1 || challenge === undefined) return
    pool.push({ challenge, made: now(), issued: { site: at, who: visitor, at: now() }, passed: 0, tried: false })
  }

  function choose({ of, pick, who: visitor, site: at }: Post): Known {
    const isOwn = ({ issued, tried }: Known): boolean => !tried && issued?.who === visitor && issued.site === at
    const found = pool.filter((one) => (of === 'any' ? true : of === 'own' ? isOwn(one) : !one.issued))
    const chosen = of === 'reset' ? undefined : found[pick % found.length]
    if (chosen !== undefined) return chosen
    const challenge = md5(randomBytes(16).toString('hex'))
    const made: Known = { challenge, made: now(), passed: 0, tried: false }
    pool.push(made)
    return made
  }

  async function send(given: Post, known: Known): Promise<Sent> {
    const { who: visitor, site: at, tail, signed, fate } = given
    const posted = known.challenge + tail
    // Half as long again as it documents: that an answer is spent is no business of the cloud's.
    fates.set(known.challenge, now() - known.made < CLOUD_MS ? fate : 'no')
    const fields = answer(posted, signed ? signValidate(posted, KEY) : md5(posted))
    const { status, body } = await (sites[at] as Site).login(
      addressOf(visitor),
      fields,
      cookies.get(`${at} ${visitor}`),
    )
    return { site: at, who: visitor, known, code: status === 200 ? 'through' : String(body.code) }
  }

  /** Nothing stands in its way: it is right, it is alone, and the cloud and the store are well. */
  function isDue(given: Post, { tried, issued }: Known): boolean {
    if (!given.signed || given.fate !== 'yes' || tried || limit < 1000) return false
    if (issued !== undefined)
      return issued.site === given.site && issued.who === given.who && now() - issued.at < 600_000
    return resets && given.of === 'reset' && model.mustPass(given)
  }

  async function postAll(posts: readonly Post[]): Promise<void> {
    for (const one of posts) {
      if (one.of === 'own' || !cookies.has(`${one.site} ${one.who}`)) await issue(one.who, one.site)
    }
    const chosen = posts.map(choose)
    const due = posts.length === 1 && isDue(posts[0] as Post, chosen[0] as Known)
    for (const one of chosen) one.tried = true
    const sent = await Promise.all(posts.map((one, i) => send(one, chosen[i] as Known)))
    if (due && sent[0]?.code !== 'through') throw new WrongVerdict(`a right answer was refused: ${sent[0]?.code}`)
    for (const { code, known } of sent) {
      if (code !== 'through') tally.denied.set(code, (tally.denied.get(code) ?? 0) + 1)
      else if (known.issued === undefined) tally.followed += 1
      else tally.through += 1
      if (code === 'through' && known.issued === undefined && !resets) throw new WrongVerdict('resets are off')
    }
    model.wave(sent)
  }

  try {
    for (const one of moves) {
      tally.moves += 1
      if (one.do === 'issue') await issue(one.who, one.site)
      else if (one.do === 'post') await postAll(one.posts)
      else for (const { world } of sites) world.advance(one.ms)
    }
  } finally {
    for (const { captcha } of sites) captcha.close()
  }
}

type Site = ReturnType<typeof virtualSite>

/** @param fates what the cloud says of each challenge; it says yes however often it is asked */
function furnish(limit: number, resets: boolean, fates: ReadonlyMap<string, Post['fate']>): Site[] {
  const clocks: Site[] = []
  const now = (): number => clocks[0]?.world.now() ?? 1_000_000
  const [shared, own] = [new MemoryStore({ limit, now }), new MemoryStore({ now })]
  for (let i = 0; i < SITES; i++) {
    const options = {
      scene: `scene${i}`,
      store: i === SITES - 1 ? own : shared,
      resets,
      captchaId: idOf(fates),
      // An outage is another matter.
      downtime: 'deny' as const,
      budgets: false as const,
    }
    clocks.push(
      virtualSite(options, (call) => {
        const fate = fates.get(String(call.params.get('challenge')).slice(0, 32)) ?? 'yes'
        if (call.url === '/register.php' || fate === 'yes') call.serve()
        else if (fate === 'no') call.answer(200, 'false')
        else call.answer(500)
      }),
    )
  }
  return clocks
}

/** An id for each life: what one site has issued is known to no other. */
const ids = new WeakMap<object, string>()
function idOf(of: object): string {
  const id = ids.get(of) ?? randomBytes(16).toString('hex')
  ids.set(of, id)
  return id
}

test(
  'however answers, resets and other people’s challenges are mixed, what follows an answer is what may follow it',
  async () => {
    let seed = SEED
    while (tally.moves < MOVES) {
      const found = await fc.check(fc.asyncProperty(life, live), {
        seed: seed++,
        numRuns: 10,
        interruptAfterTimeLimit: LIMIT,
      })
      if (found.counterexample !== null) {
        throw new Error(
          `FUZZ_SEED=${seed - 1}: ${String(found.errorInstance)}\n${fc.defaultReportMessage(found) ?? ''}`,
        )
      }
    }
    expect(tally.moves).toBeGreaterThanOrEqual(MOVES)
    const denied = [...tally.denied].map(([code, number]) => `${code} ${number}`).join(', ')
    process.stdout.write(
      `resets from seed ${SEED}: ${tally.moves} moves; passes ${tally.through}, behind them ${tally.followed}; denials ${denied}\n`,
    )
  },
  24 * 3_600_000,
)

if (MOVES > 0) {
  test('enough of it was real: answers passed, others followed them, and each was refused in every way', () => {
    expect(tally.through / tally.moves).toBeGreaterThan(0.03)
    expect(tally.followed / tally.moves).toBeGreaterThan(0.02)
    expect([...tally.denied.keys()]).toEqual(
      expect.arrayContaining([
        'unknown_challenge',
        'replayed',
        'session_mismatch',
        'bad_signature',
        'rejected',
        'unavailable',
      ]),
    )
  })
}
