import { createGzip, gzipSync } from 'node:zlib'
import { create } from 'axios'
import { GeetestClient } from '../../lib'
import { until } from '../support/world'
import { answered, evilCloud, listen, md5, type Reply } from './support/evil-cloud'

const timeout = 30_000
const yes = (params: URLSearchParams): string => md5(String(params.get('seccode')))

/** What a cloud can do to who asks it, but for answering. The site must be rid of each at once, and let nobody in. */
const ATTACKS: [string, Reply][] = [
  ['a body of 5 MB around a yes', (res, params) => res.end(yes(params) + ' '.repeat(5e6))],
  ['a body without an end', (res) => pour(res, () => Buffer.alloc(65_536, 48))],
  ['a gzip bomb of 100 MB', (res) => res.setHeader('Content-Encoding', 'gzip').end(gzipSync(Buffer.alloc(1e8, 48)))],
  [
    'a gzip bomb without an end',
    (res) => {
      const zip = createGzip()
      zip.pipe(res.setHeader('Content-Encoding', 'gzip'))
      pour(zip, () => Buffer.alloc(1e6, 48))
      res.on('close', () => zip.destroy())
    },
  ],
  ['gzip that is none', (res) => res.setHeader('Content-Encoding', 'gzip').end('x'.repeat(32))],
  [
    'more headers than anybody reads',
    (res) => {
      for (let i = 0; i < 100; i++) res.setHeader(`X-Filler-${i}`, 'a'.repeat(1000))
      res.end('0')
    },
  ],
  [
    'a length that is not kept',
    (res) => res.setHeader('Content-Length', 1e9).write('0'.repeat(32), () => res.destroy()),
  ],
  ['a line that is no HTTP', (res) => res.socket?.end('220 smtp.example ESMTP\r\n')],
]

/** Writes for as long as somebody reads. */
function pour(stream: NodeJS.WritableStream & { destroyed?: boolean }, make: () => Buffer): void {
  if (stream.destroyed) return
  if (stream.write(make())) setImmediate(() => pour(stream, make))
  else stream.once('drain', () => pour(stream, make))
}

describe.each(ATTACKS)('a cloud that sends %s', (_, attack) => {
  // Falls when: the reply's size is not limited, or is limited before it is unpacked.
  test('attack 15: costs an issue no more than a moment and some kilobytes, and is no challenge', async () => {
    const { success } = await answered(await evilCloud({ register: attack }))
    expect(success).toBe(0)
  })

  test('attack 15: has given no verdict', async () => {
    const { agent, right } = await answered(await evilCloud({ validate: attack }))
    expect((await agent.post('/login').send(right).expect(503)).body.code).toBe('unavailable')
  })
})

describe('a cloud that sends elsewhere', () => {
  // Falls when: redirects are followed, as most clients do by themselves.
  test.each([301, 302, 303, 307, 308])(
    'attack 15: is not followed, by %i, to this machine’s own services',
    async (status) => {
      const visited: string[] = []
      const inside = await listen((req, res) => {
        visited.push(String(req.url))
        res.end('0'.repeat(32))
      })
      const away: Reply = (res) => res.writeHead(status, { Location: `${inside}/latest/meta-data` }).end('0'.repeat(32))
      const { success } = await answered(await evilCloud({ register: away }))
      expect(success).toBe(0)
      const evil = await evilCloud({ validate: away })
      const { agent, right } = await answered(evil)
      await agent.post('/login').send(right).expect(503)
      expect(visited).toEqual([])
    },
  )

  test.each([
    'file:///etc/passwd',
    '//evil.example/',
    'http://169.254.169.254/latest/',
    'gopher://127.0.0.1:1/',
    '\\\\evil',
  ])(
    'attack 15: is not followed to %s, by an HTTP client of the site’s own that follows redirects either',
    async (location) => {
      const evil = await evilCloud({ register: (res) => res.writeHead(302, { Location: location }).end() })
      const http = create({ maxRedirects: 10, maxContentLength: -1, timeout: 0 })
      const client = new GeetestClient({ ...evil.credentials, http, timeout })
      expect((await client.register()).status).toBe(0)
      expect(evil.requests).toHaveLength(1)
    },
  )

  // Falls when: the address of the cloud can be named by anything but the options.
  test.each([
    'file:///etc/passwd',
    'ftp://cloud',
    'javascript:alert(1)',
    '//cloud',
    'https://u:p@cloud',
    'https://cloud?x',
    'https://cloud#x',
    '',
  ])('attack 15: cannot be %j in the first place', (apiServer) => {
    expect(() => new GeetestClient({ captchaId: 'a'.repeat(32), privateKey: 'k', apiServer })).toThrow(/apiServer/)
  })
})

// Falls when: a call has no deadline of its own, or only one for silence.
test.each<[string, Reply]>([
  ['never answers', () => undefined],
  ['sends a character now and then', (res) => drip(res)],
  ['sends nothing but promises', (res) => void (res.writeProcessing(), until(() => res.destroyed))],
])('attack 15: a cloud that %s is given up', async (_, attack) => {
  const evil = await evilCloud({ register: attack })
  const client = new GeetestClient({ ...evil.credentials, timeout: 100 })
  expect((await client.register()).status).toBe(0)
})

test('attack 15: an HTTP client of the site’s own that waits for ever is not waited for', async () => {
  const http = { request: () => new Promise<never>(() => undefined) }
  const client = new GeetestClient({ captchaId: 'a'.repeat(32), privateKey: 'k', http, timeout: 100 })
  expect((await client.register()).status).toBe(0)
})

function drip(res: Parameters<Reply>[0]): void {
  if (res.destroyed) return
  res.write('0')
  setTimeout(() => drip(res), 20)
}
