import * as fc from 'fast-check'
import type { Answering, Case, Cookie, Origin, Twist } from './case'
import { calm, faulty, hanging, weathered } from './faults'
import { anyHeaders, anyMethod, anyPath } from './junk'
import { anyBody, anyValue } from './junk-body'
import { anyEdit } from './raw'
import { guarded, type Scene, type Scenes } from './scenes'
import { wraps, type Wrap } from './wrap'

const weighted = <T>(first: [number, T], ...rest: [number, T][]): fc.Arbitrary<T> =>
  fc.oneof(...[first, ...rest].map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })))

const who = fc.nat(3)
const cookie = weighted<Cookie>(
  [70, 'own'],
  [2, 'none'],
  [2, 'other'],
  [1, 'own, other'],
  [1, 'other, own'],
  [1, 'forged'],
  [1, 'unsigned'],
  [1, 'junk'],
)
const sent = { who, cookie, headers: anyHeaders() }

const scene = weighted<Scene>([3, 'login'], [1, 'comment'])
/** As often any of three as any of five. */
const field = fc.nat(14)
const twist: fc.Arbitrary<Twist> = fc.oneof(
  { weight: 32, arbitrary: weighted<Twist>([15, { twist: 'honest' }], [5, { twist: 'slide' }]) },
  { weight: 6, arbitrary: weighted<Twist>([4, { twist: 'none' }], [1, { twist: 'signed' }], [1, { twist: 'md5' }]) },
  // The first of them names the ticket: the others are about another one then.
  { weight: 5, arbitrary: fc.record({ twist: fc.constant('swap' as const), field: fc.oneof(fc.constant(0), field) }) },
  { weight: 2, arbitrary: fc.record({ twist: fc.constantFrom('drop' as const, 'upper'), field }) },
  { weight: 2, arbitrary: fc.record({ twist: fc.constant('set' as const), field, value: anyValue() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      twist: fc.constant('mutate' as const),
      field,
      at: fc.nat(80),
      text: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('', '0', '_', '|jordan', 'a7')),
    }),
  },
)
const origin = weighted<Origin>(
  [22, 'fresh'],
  [8, 'pass'],
  [2, 'tried'],
  [1, 'foreign'],
  [2, 'across'],
  [1, 'any'],
  [1, 'made up'],
)
const answer = fc
  .record({ of: origin, pick: fc.nat(30), translated: fc.boolean(), twist })
  .map(({ twist: how, ...about }): Answering => Object.assign(about, how))

const path = weighted(
  [8, '/login'],
  [8, '/validate'],
  [2, '/comment'],
  [1, '/strict'],
  [1, '/other/validate'],
  [1, '/login?geetest_challenge=x&lot_number=x'],
  [1, '/LOGIN/'],
)
const post = {
  ...sent,
  method: weighted([24, 'POST'], [1, 'PUT'], [1, 'GET'], [1, 'HEAD']),
  path,
  answer,
  wrap: weighted<Wrap>([50, 'form'], [50, 'json'], ...wraps.map((wrap): [number, Wrap] => [1, wrap])),
}
const issueCase: fc.Arbitrary<Case> = fc.record({ do: fc.constant('issue' as const), ...sent, scene })
const anyCase: fc.Arbitrary<Case> = fc.oneof(
  { weight: 40, arbitrary: issueCase },
  { weight: 52, arbitrary: fc.record({ do: fc.constant('post' as const), ...post }) },
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant('junk' as const),
      ...sent,
      method: anyMethod(),
      path: anyPath(),
      body: anyBody(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('raw' as const), ...post, edit: anyEdit() }) },
)

/** Requests that are sent at once, after the clock was moved and, now and then, an operator spoke. */
const wave = fc.record({
  advance: weighted([10, 0], [10, 1000], [4, 5_000], [2, 61_000], [2, 119_999], [1, 120_000], [1, 600_000]),
  order: weighted<'up' | 'down' | 'none' | undefined>([20, undefined], [5, 'down'], [1, 'up'], [1, 'none']),
  cases: fc.array(anyCase, { minLength: 1, maxLength: 16, size: 'max' }),
})

/** A site's life: how it is set up, how its cloud and its store behave, and who comes. */
export const batch = fc.record({
  setup: fc.record({
    scenes: weighted<Scenes>(
      [10, guarded(3, 3, 1)],
      [2, guarded(4, 4, 1)],
      [1, guarded(4, 4, 2)],
      [1, guarded(4, 3, 2)],
      [1, guarded(3, 4, 2)],
    ),
    parsers: weighted<'none' | 'extended' | 'text'>([6, 'none'], [2, 'extended'], [1, 'text']),
    trustProxy: fc.boolean(),
    tightBudgets: weighted([5, false], [1, true]),
    newCaptcha: weighted([3, true], [1, false]),
    downtime: weighted<'light' | 'failback' | 'deny'>([6, 'light'], [1, 'failback'], [1, 'deny']),
  }),
  cloud: fc.oneof(
    { weight: 3, arbitrary: fc.constant(calm) },
    { weight: 4, arbitrary: faulty() },
    { weight: 1, arbitrary: hanging() },
    { weight: 1, arbitrary: weathered() },
  ),
  /** Which calls of the store fail, counted from the first. */
  storeFails: fc.oneof(
    { weight: 7, arbitrary: fc.constant<number[]>([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(80), { maxLength: 12 }) },
  ),
  arrivals: fc.array(issueCase, { minLength: 1, maxLength: 10, size: 'max' }),
  waves: fc.array(wave, { minLength: 1, maxLength: 8, size: 'max' }),
})
export type Batch = typeof batch extends fc.Arbitrary<infer B> ? B : never
export type Setup = Batch['setup']
