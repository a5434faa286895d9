export interface CloudReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export const json = (value: unknown, status = 200): CloudReply => ({ status, body: JSON.stringify(value) })
export const text = (body: string): CloudReply => ({ status: 200, body })

/**
 * Almost the right answer of version 3: for validate.php none of them is a yes.
 * @param right the digest or the challenge that would be right
 * @param name the member that carries it
 */
export const NEAR_MISSES = {
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

export type NearMiss = keyof typeof NEAR_MISSES
