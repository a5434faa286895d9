import * as fc from 'fast-check'

/** What one upstream call meets instead of the simulator. */
export type Fault =
  | { readonly fault: 'near'; readonly miss: keyof typeof NEAR_MISSES }
  | {
      readonly fault: 'answer'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string | Uint8Array
    }
  | { readonly fault: 'break' | 'half' | 'huge' | 'hang' }

/** How a cloud behaves: what its calls meet, one after another, and whether it may keep them waiting. */
export interface CloudPlan {
  readonly faults: readonly (Fault | null)[]
  readonly hangs: boolean
}

export interface CloudReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

const json = (value: unknown, status = 200): CloudReply => ({ status, body: JSON.stringify(value) })
const text = (body: string): CloudReply => ({ status: 200, body })

/**
 * Almost the right answer: for validate.php none of them is a yes.
 * @param right the digest or the challenge that would be right
 * @param name the member that carries it
 */
const NEAR_MISSES = {
  'upper case': (right, name) => json({ [name]: `${right.toUpperCase()}${/[a-f]/.test(right) ? '' : 'X'}` }),
  truncated: (right, name) => json({ [name]: right.slice(1) }),
  'one digit more': (right, name) => json({ [name]: `${right}0` }),
  'a line break behind it': (right, name) => json({ [name]: `${right}\n` }),
  'a blank before it': (right, name) => json({ [name]: ` ${right}` }),
  'plain text with a line break': (right) => text(`${right}\n`),
  'plain text of half of it': (right) => text(right.slice(16)),
  'another name': (right, name) => json({ [name.toUpperCase()]: right }),
  'a name of the other SDKs': (right) => json({ result: right, data: right, status: 'success' }),
  nested: (right, name) => json({ data: { [name]: right } }),
  'under the prototype': (right, name) => text(`{"__proto__":{"${name}":"${right}"}}`),
  'in an array': (right, name) => json({ [name]: [right] }),
  'an array': (right) => json([right]),
  'a JSON string': (right) => json(right),
  'an object with toString': (right, name) => json({ [name]: { toString: right, length: 32 } }),
  'revoked in the same breath': (right, name) => text(`{"${name}":"${right}","${name}":"false"}`),
  'yes in words': (_, name) => json({ [name]: 'true', success: 1, result: 'success' }),
  true: (_, name) => json({ [name]: true }),
  one: (_, name) => json({ [name]: 1 }),
  null: (_, name) => json({ [name]: null }),
  'a bare true': () => text('true'),
  'a bare success': () => text('success'),
  nothing: () => text(''),
  'an empty object': () => json({}),
  'broken JSON': (right, name) => text(`{"${name}":"${right}"`),
  'status 201': (right, name) => json({ [name]: right }, 201),
  'status 206': (right, name) => json({ [name]: right }, 206),
  'status 302': (right, name) => ({ ...json({ [name]: right }, 302), headers: { Location: '/elsewhere' } }),
  'status 404': (right, name) => json({ [name]: right }, 404),
  'status 500': (right, name) => json({ [name]: right }, 500),
  'said to be gzip': (right, name) => ({ ...json({ [name]: right }), headers: { 'Content-Encoding': 'gzip' } }),
} satisfies Record<string, (right: string, name: string) => CloudReply>

export const nearMiss = (miss: keyof typeof NEAR_MISSES, right: string, name: string): CloudReply =>
  NEAR_MISSES[miss](right, name)

const near: fc.Arbitrary<Fault> = fc.record({
  fault: fc.constant('near' as const),
  miss: fc.constantFrom(...(Object.keys(NEAR_MISSES) as (keyof typeof NEAR_MISSES)[])),
})
const answer: fc.Arbitrary<Fault> = fc.record({
  fault: fc.constant('answer' as const),
  status: fc.oneof(fc.constantFrom(200, 204, 301, 302, 304, 403, 429, 500, 502), fc.integer({ min: 200, max: 599 })),
  headers: fc.dictionary(
    fc.constantFrom('Content-Type', 'Content-Encoding', 'Location', 'Set-Cookie', 'Refresh', 'Connection'),
    fc.constantFrom(
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

export const calm: CloudPlan = { faults: [], hangs: false }
export const faulty = (): fc.Arbitrary<CloudPlan> => plan(false)
/** Its site waits so briefly for it that a busy machine may look like a cloud that hangs. */
export const hanging = (): fc.Arbitrary<CloudPlan> => plan(true)
