import * as fc from 'fast-check'
import { NEAR_MISSES, type NearMiss } from './near'
import { NEAR_MISSES_V4, type NearMissV4 } from './near-v4'
import { anyHalfOutage, anyThrottling, RETRY_AFTER, type Weather } from './weather'

/** What one upstream call meets instead of the simulator. */
export type Fault =
  /** It depends on the call which of the two is met. */
  | { readonly fault: 'near'; readonly miss: NearMiss; readonly miss4: NearMissV4 }
  | {
      readonly fault: 'answer'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string | Uint8Array
    }
  /** `silence`: of a cloud that is waited for by the site's clock; `hang`: by the real one. */
  | { readonly fault: 'break' | 'half' | 'huge' | 'hang' | 'silence' }

/** How a cloud behaves: what its calls meet, one after another, and whether it may keep them waiting. */
export interface CloudPlan {
  readonly faults: readonly (Fault | null)[]
  readonly hangs: boolean
  /** What is wrong with it for longer than one call. */
  readonly weather?: Weather
}

const near: fc.Arbitrary<Fault> = fc.record({
  fault: fc.constant('near' as const),
  miss: fc.constantFrom(...(Object.keys(NEAR_MISSES) as NearMiss[])),
  miss4: fc.constantFrom(...(Object.keys(NEAR_MISSES_V4) as NearMissV4[])),
})
const answer: fc.Arbitrary<Fault> = fc.record({
  fault: fc.constant('answer' as const),
  status: fc.oneof(fc.constantFrom(200, 204, 301, 302, 304, 403, 429, 500, 502), fc.integer({ min: 200, max: 599 })),
  headers: fc.dictionary(
    fc.constantFrom(
      'Content-Type',
      'Content-Encoding',
      'Location',
      'Set-Cookie',
      'Refresh',
      'Connection',
      'Retry-After',
    ),
    fc.constantFrom(
      ...RETRY_AFTER,
      'application/json',
      'text/html; charset=utf-16',
      'gzip',
      'br',
      'http://127.0.0.1:1/',
      'a=b',
      'close',
    ),
    { maxKeys: 2 },
  ),
  body: fc.oneof(
    fc.constantFrom('', 'false', '0', '<h1>Welcome to the hotel', '{"status":"fail"}', '{', 'null', '[]'),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.json({ maxDepth: 2 }),
    fc.uint8Array({ maxLength: 60 }),
  ),
})
const broken = fc.constantFrom<Fault>({ fault: 'break' }, { fault: 'half' }, { fault: 'huge' })

const plan = (hangs: boolean): fc.Arbitrary<CloudPlan> =>
  fc
    .array(
      fc.oneof(
        { weight: 8, arbitrary: fc.constant(null) },
        { weight: 4, arbitrary: near },
        { weight: 2, arbitrary: answer },
        { weight: 1, arbitrary: broken },
        ...(hangs ? [{ weight: 1, arbitrary: fc.constant<Fault>({ fault: 'hang' }) }] : []),
      ),
      { minLength: 1, maxLength: 60, size: 'max' },
    )
    .map((faults) => ({ faults, hangs }))

/** Whether calls may wait for the site's clock, which stands still unless the run moves it. */
export const needsClock = ({ faults, weather }: CloudPlan): boolean =>
  weather !== undefined || faults.some((one) => one?.fault === 'answer' && one.status === 429)

export const calm: CloudPlan = { faults: [], hangs: false }
/** Calm, but for what lasts. */
export const weathered = (): fc.Arbitrary<CloudPlan> =>
  fc.record({
    faults: fc.constant(calm.faults),
    hangs: fc.constant(false),
    weather: fc.oneof(anyHalfOutage(), anyThrottling()),
  })
export const faulty = (): fc.Arbitrary<CloudPlan> => plan(false)
/** Its site waits so briefly for it that a busy machine may look like a cloud that hangs. */
export const hanging = (): fc.Arbitrary<CloudPlan> => plan(true)
