/** The cloud's endpoints, by the names that faults and the call log use. */
export const endpoints = [
  'register',
  'validate',
  'bypass',
  'gettype',
  'get',
  'ajax',
  'refresh',
  'reset',
  'static',
  // Version 4; `validate4` is the site's call, the others are the browser's.
  'load',
  'verify',
  'validate4',
] as const
export type Endpoint = (typeof endpoints)[number]

/** An answer before it is sent. */
export interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

const html = (status: number, title: string): Reply => ({
  status,
  type: 'text/html',
  body: `<html><head><title>${status} ${title}</title></head><body><h1>${status} ${title}</h1></body></html>`,
})
const text = (body: string): Reply => ({ status: 200, type: 'text/plain', body })

/** Replaces the digits in the answer, challenge or digest, by others or by another number of them. */
const withHex = (reply: Reply, change: (hex: string) => string): Reply => ({
  ...reply,
  body: reply.body.replace(/[0-9a-f]{32}/, change),
})

/** An error of version 4, in JSONP where the right reply is. */
function withCode({ body }: Reply, { code }: FaultDetails): Reply {
  const error = JSON.stringify({ status: 'error', code, msg: 'as was ordered', desc: { type: 'defined error' } })
  const call = /^\/\*\*\/[\w$.]*\(/.exec(body)?.[0]
  if (call !== undefined) return { status: 200, type: 'text/javascript', body: `${call}${error})` }
  return { status: 200, type: 'application/json', body: error }
}

/** What a fault is to say, where it says such things. */
interface FaultDetails {
  /** The number of an error of version 4. */
  readonly code: string
  readonly retryAfter: string
}

/** Faults that answer, only wrongly: the right reply goes in, the wrong one comes out. */
const WRONG_REPLIES = {
  '403': () => html(403, 'Forbidden'),
  '429': (_reply: Reply, { retryAfter }: FaultDetails) => ({
    ...html(429, 'Too Many Requests'),
    headers: { 'Retry-After': retryAfter },
  }),
  '500': () => html(500, 'Internal Server Error'),
  '502': () => html(502, 'Bad Gateway'),
  empty: () => text(''),
  garbage: () => text('<!doctype html><p>Welcome to the hotel. Please accept the terms of use.'),
  truncated: (reply: Reply) => ({ ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) }),
  short: (reply: Reply) => withHex(reply, (hex) => hex.slice(1)),
  long: (reply: Reply) => withHex(reply, (hex) => `${hex}0`),
  zero: (reply: Reply) => ({
    ...reply,
    body: reply.type === 'application/json' ? '{"challenge":"0","seccode":"0"}' : '0',
  }),
  missing: () => ({ status: 200, type: 'application/json', body: '{}' }),
  'wrong-digest': (reply: Reply) =>
    withHex(reply, (hex) => hex.replace(/./g, (digit) => (15 - parseInt(digit, 16)).toString(16))),
  uppercase: (reply: Reply) => withHex(reply, (hex) => hex.toUpperCase()),
  newline: (reply: Reply) => withHex(reply, (hex) => hex + (reply.type === 'application/json' ? '\\n' : '\n')),
  'status-fail': () => ({ status: 200, type: 'application/json', body: '{"status":"fail"}' }),
  huge: () => text('0'.repeat(4 << 20)),
  redirect: () => ({ ...html(302, 'Found'), headers: { Location: '/elsewhere' } }),
  'error-code': withCode,
} satisfies Record<string, (reply: Reply, details: FaultDetails) => Reply>

/** Faults of the connection: no answer, a late one, or half of one. */
const CONNECTION = ['hang', 'slow', 'drip', 'refuse', 'reset'] as const

/** What can be made to go wrong. */
export type Fault = keyof typeof WRONG_REPLIES | (typeof CONNECTION)[number]

/** All of them, for tables in tests. */
export const faults = [...CONNECTION, ...Object.keys(WRONG_REPLIES)] as Fault[]

/** What a fault makes of the right reply; faults of the connection leave it alone. */
export function spoil(kind: Fault, reply: Reply, details: FaultDetails): Reply {
  return kind in WRONG_REPLIES ? WRONG_REPLIES[kind as keyof typeof WRONG_REPLIES](reply, details) : reply
}
