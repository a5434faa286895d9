import * as fc from 'fast-check'

/** What happens to the bytes of a good request. */
export type Edit =
  | { readonly edit: EditName }
  | { readonly edit: 'splice'; readonly at: number; readonly remove: number; readonly insert: Uint8Array }
  | { readonly edit: 'cut'; readonly at: number; readonly reset: boolean }
  | { readonly edit: 'bytes'; readonly insert: Uint8Array }

const header =
  (...lines: string[]) =>
  (text: string): string =>
    text.replace('\r\n', `\r\n${lines.join('\r\n')}\r\n`)
const length = (change: (given: number) => string) => (text: string) =>
  text.replace(/Content-Length: (\d+)/, (_, given) => `Content-Length: ${change(Number(given))}`)
const bodyOf = (text: string): [string, string] => {
  const at = text.indexOf('\r\n\r\n')
  return [text.slice(0, at), text.slice(at + 4)]
}
const chunked = (size: (body: string) => string) => (text: string) => {
  const [head, body] = bodyOf(text)
  const clean = head.replace(/\r\nContent-Length: \d+/, '')
  return `${clean}\r\nTransfer-Encoding: chunked\r\n\r\n${size(body)}\r\n${body}\r\n0\r\n\r\n`
}
const hex = (body: string): string => Buffer.byteLength(body, 'latin1').toString(16)

const EDITS = {
  none: (text: string) => text,
  /** The same request again in the same breath. */
  pipelined: (text: string) => text + text,
  'a longer length': length((given) => String(given + 7)),
  'a shorter length': length((given) => String(Math.max(given - 7, 0))),
  'a length in words': length(() => 'many'),
  'a negative length': length(() => '-1'),
  'a huge length': length(() => '99999999999999999999'),
  'two lengths': header('Content-Length: 3'),
  'length and chunks': header('Transfer-Encoding: chunked'),
  'in chunks': chunked(hex),
  'in chunks that lie': chunked((body) => (body.length + 20).toString(16)),
  'in chunks of nonsense': chunked(() => 'zz'),
  'an unknown transfer encoding': header('Transfer-Encoding: klingon'),
  'a header without a colon': header('nonsense'),
  'a header of NUL': header('X: \0'),
  'a header with a bare line feed': header('X: a\nY: b'),
  'a folded header': header('X: a', ' b'),
  'a huge header': header(`X: ${'a'.repeat(20_000)}`),
  'very many headers': header(...Array.from({ length: 3000 }, (_, i) => `X-${i}: a`)),
  'another host': header('Host: evil.example'),
  'no host': (text: string) => text.replace(/Host: .*\r\n/, ''),
  'an absolute address': (text: string) => text.replace(' /', ' http://evil.example/'),
  'an address of another scheme': (text: string) => text.replace(/ \S+ HTTP/, ' foo:bar HTTP'),
  'a star': (text: string) => text.replace(/^\S+ \S+/, 'OPTIONS *'),
  'a tunnel': (text: string) => text.replace(/^\S+ \S+/, 'CONNECT evil.example:443'),
  'an upgrade': header(
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: x',
    'Sec-WebSocket-Version: 13',
  ),
  'an expectation': header('Expect: 100-continue'),
  'an expectation of nonsense': header('Expect: nonsense'),
  'an unknown method': (text: string) => text.replace(/^\S+/, 'SOLVE'),
  'HTTP 0.9': (text: string) => text.replace(/ HTTP\/1.1\r\n[^]*/, '\r\n'),
  'HTTP 1.0': (text: string) => text.replace('HTTP/1.1', 'HTTP/1.0'),
  'HTTP 2': () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'line feeds alone': (text: string) => text.replaceAll('\r\n', '\n'),
} satisfies Record<string, (text: string) => string>
type EditName = keyof typeof EDITS

/** After these the server waits for more, or may. */
const UNFINISHED: ReadonlySet<string> = new Set([
  'HTTP 0.9',
  'a longer length',
  'in chunks that lie',
  'splice',
  'cut',
  'bytes',
])

/** How its visitor leaves: after so many answers, at once, or at once and without a word. */
export function leaving(given: Edit): number | 'reset' {
  if (given.edit === 'cut' && given.reset) return 'reset'
  if (UNFINISHED.has(given.edit)) return 0
  return given.edit === 'pipelined' ? 2 : 1
}

export const anyEdit = (): fc.Arbitrary<Edit> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom(...(Object.keys(EDITS) as EditName[])).map((edit): Edit => ({ edit })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        edit: fc.constant('splice' as const),
        at: fc.nat(500),
        remove: fc.nat(4),
        insert: fc.uint8Array({ maxLength: 4 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ edit: fc.constant('cut' as const), at: fc.nat(700), reset: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({ edit: fc.constant('bytes' as const), insert: fc.uint8Array({ maxLength: 80 }) }),
    },
  )

/** @param text the good request, a character a byte */
export function tamper(text: string, edit: Edit): string {
  if (edit.edit === 'bytes') return Buffer.from(edit.insert).toString('latin1')
  if (edit.edit === 'cut') return text.slice(0, edit.at)
  if (edit.edit !== 'splice') return EDITS[edit.edit](text)
  const at = Math.min(edit.at, text.length)
  return text.slice(0, at) + Buffer.from(edit.insert).toString('latin1') + text.slice(at + edit.remove)
}
