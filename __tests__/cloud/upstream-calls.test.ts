import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import {
  createServer as createRawServer,
  type AddressInfo,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { create } from 'axios'
import { GeetestClient } from '../../lib'
import { signValidate } from '../../lib/digest'
import { certificate } from '../support/certificate'

const keys = { captchaId: 'c'.repeat(32), privateKey: 'k' }
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
  }
})

async function portOf(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

interface Cloud {
  readonly apiServer: string
  /** The paths that were asked for, one by one. */
  readonly asked: string[]
  readonly headers: IncomingMessage['headers'][]
}

type Answer = (req: IncomingMessage, res: ServerResponse) => unknown
const rightly: Answer = (_req, res) => res.end('0'.repeat(32))

async function cloud(answer: Answer = rightly): Promise<Cloud> {
  const asked: string[] = []
  const headers: Cloud['headers'] = []
  const server = createServer((req, res) => {
    asked.push(String(req.url).split('?')[0] as string)
    headers.push(req.headers)
    answer(req, res)
  })
  return { apiServer: `http://127.0.0.1:${await portOf(server)}`, asked, headers }
}

const client = (options: object) => new GeetestClient({ ...keys, timeout: 30_000, ...options })
const statusOf = async (one: GeetestClient) => (await one.register()).status
const answerTo = (challenge: string) => [challenge, signValidate(challenge, keys.privateKey), 'seccode'] as const

/** Answers the first request of each connection, and ends the connection when a second one arrives. */
function stale(end: (socket: Socket) => unknown): Answer {
  const used = new WeakSet<Socket>()
  return (req, res) => {
    if (used.has(req.socket)) return end(req.socket)
    used.add(req.socket)
    return rightly(req, res)
  }
}

const ENDS: [string, (socket: Socket) => unknown][] = [
  ['resets', (socket) => socket.resetAndDestroy()],
  ['ends', (socket) => socket.end()],
  ['drops', (socket) => socket.destroy()],
]

describe.each(ENDS)('a cloud that %s a kept connection just when it is used again', (_, end) => {
  test('loses no registration', async () => {
    const ours = client(await cloud(stale(end)).then(({ apiServer }) => ({ apiServer })))
    const all: number[] = []
    for (let round = 0; round < 4; round++) {
      all.push(...(await Promise.all(Array.from({ length: 20 }, () => statusOf(ours)))))
    }
    expect(all).toEqual(Array(80).fill(1))
  })

  test('is sent no answer twice', async () => {
    const { apiServer, asked } = await cloud(stale(end))
    const ours = client({ apiServer })
    await ours.register()
    expect(await ours.successValidate(...answerTo('0'.repeat(32)))).toBe('unavailable')
    expect(asked).toEqual(['/register.php', '/validate.php'])
  })
})

test('a cloud that breaks off every connection is asked again only where the connection was an old one', async () => {
  const { apiServer, asked } = await cloud((req) => req.socket.destroy())
  expect(await statusOf(client({ apiServer }))).toBe(0)
  expect(asked).toHaveLength(1)
})

test('a cloud that goes away meanwhile is asked once more, and no further', async () => {
  let there = true
  const { apiServer, asked } = await cloud((req, res) => (there ? rightly(req, res) : req.socket.destroy()))
  const ours = client({ apiServer })
  await ours.register()
  there = false
  expect(await statusOf(ours)).toBe(0)
  expect(asked).toHaveLength(3)
})

test('a cloud that does not answer in time on an old connection is not asked again', async () => {
  let hangs = false
  const { apiServer, asked } = await cloud((req, res) => hangs || rightly(req, res))
  const ours = client({ apiServer, timeout: 100 })
  await ours.register()
  hangs = true
  expect(await statusOf(ours)).toBe(0)
  hangs = false
  // Whatever was sent before these has arrived before the last of them.
  for (let i = 0; i < 5; i++) await ours.register()
  expect(asked).toHaveLength(7)
})

test('connections are kept: a hundred calls, one after another, take one', async () => {
  const sockets = new Set<Socket>()
  const { apiServer } = await cloud((req, res) => rightly(req, res) && sockets.add(req.socket))
  const ours = client({ apiServer })
  for (let i = 0; i < 100; i++) await ours.register()
  expect(sockets.size).toBe(1)
})

describe('a reply', () => {
  test('is not to be compressed', async () => {
    const { apiServer, headers } = await cloud()
    await client({ apiServer }).register()
    expect(headers[0]).toMatchObject({ 'accept-encoding': 'identity' })
  })

  test('that is compressed all the same is none', async () => {
    const packed = gzipSync('0'.repeat(32))
    const { apiServer } = await cloud((_req, res) => res.setHeader('Content-Encoding', 'gzip').end(packed))
    expect(await statusOf(client({ apiServer }))).toBe(0)
  })

  test('that says that it is not compressed is one', async () => {
    const { apiServer } = await cloud((req, res) => rightly(req, res.setHeader('Content-Encoding', 'Identity')))
    expect(await statusOf(client({ apiServer }))).toBe(1)
  })

  test.each([
    [8192, 1],
    [8193, 0],
  ])('of %i bytes counts: status %i', async (size, status) => {
    const body = `{"challenge":"${'0'.repeat(32)}"}`
    const { apiServer } = await cloud((_req, res) => res.end(body.padEnd(size)))
    expect(await statusOf(client({ apiServer }))).toBe(status)
  })

  test('in pieces, cut in the middle of a character, is put together', async () => {
    const body = Buffer.from(`{"msg":"好","challenge":"${'0'.repeat(32)}"}`)
    const { apiServer } = await cloud((_req, res) => {
      res.write(body.subarray(0, 9), () => setImmediate(() => res.end(body.subarray(9))))
    })
    expect(await statusOf(client({ apiServer }))).toBe(1)
  })

  test('that changes the protocol is none', async () => {
    const { apiServer } = await cloud((req) =>
      req.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n'),
    )
    expect(await statusOf(client({ apiServer }))).toBe(0)
  })
})

describe('over https', () => {
  const secureCloud = async () => {
    const server = createSecureServer(certificate, (req, res) => void rightly(req, res))
    return `https://localhost:${await portOf(server)}`
  }

  test('a cloud that nobody vouches for is no cloud', async () => {
    expect(await statusOf(client({ apiServer: await secureCloud() }))).toBe(0)
  })

  test('one that is vouched for is asked', async () => {
    // Node reads whom it trusts when it starts.
    const folder = mkdtempSync(join(tmpdir(), 'geetest-'))
    writeFileSync(join(folder, 'ca.pem'), certificate.cert)
    const options = JSON.stringify({ ...keys, apiServer: await secureCloud() })
    const script = `const { GeetestClient } = require('express-geetest')
      new GeetestClient(${options}).register().then(({ status }) => console.log(status))`
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') }
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
      env,
      cwd: join(__dirname, '../..'),
    })
    rmSync(folder, { recursive: true })
    expect(stdout).toBe('1\n')
  })

  test('one that takes the connection and never greets is given up', async () => {
    const sockets: Socket[] = []
    const server = createRawServer((socket) => void sockets.push(socket.on('error', () => undefined)))
    const ours = client({ apiServer: `https://127.0.0.1:${await portOf(server)}`, timeout: 100 })
    expect(await statusOf(ours)).toBe(0)
    for (const socket of sockets) socket.destroy()
  })
})

describe('what the site brings along', () => {
  test('a proxy is used, for the whole address', async () => {
    const { apiServer, headers, asked } = await cloud()
    const proxy = { host: '127.0.0.1', port: Number(new URL(apiServer).port) }
    const ours = client({ apiServer: 'http://geetest.invalid', allowInsecure: true, http: { proxy } })
    expect(await statusOf(ours)).toBe(1)
    expect([asked, headers[0]?.host]).toEqual([['http://geetest.invalid/register.php'], 'geetest.invalid'])
  })

  test('an agent is used', async () => {
    const { apiServer } = await cloud()
    const toLoopback: LookupFunction = (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }])
    const httpAgent = new Agent({ lookup: toLoopback })
    const named = apiServer.replace('127.0.0.1', 'geetest.invalid')
    const ours = client({ apiServer: named, allowInsecure: true, http: { httpAgent } })
    expect(await statusOf(ours)).toBe(1)
  })

  test('an axios instance keeps its interceptors, on the way there and on the way back', async () => {
    const { apiServer, headers } = await cloud()
    const http = create({ headers: { 'Content-Type': 'application/json' } })
    const seen: unknown[] = []
    http.interceptors.request.use((config) => (config.headers.set('X-Tenant', 'blue'), config))
    http.interceptors.response.use((response) => (seen.push(response.status, response.data), response))
    const ours = client({ apiServer, http })
    await ours.register()
    await ours.successValidate(...answerTo('0'.repeat(32)))
    expect(headers.map((one) => one['x-tenant'])).toEqual(['blue', 'blue'])
    expect(headers[1]).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' })
    expect(seen).toEqual([200, '0'.repeat(32), 200, '0'.repeat(32)])
  })

  test('an axios instance keeps an adapter of its own', async () => {
    const adapter = jest.fn(async (config) => ({
      status: 200,
      statusText: '',
      headers: {},
      config,
      data: '0'.repeat(32),
    }))
    expect(await statusOf(client({ http: create({ adapter }) }))).toBe(1)
    expect(adapter).toHaveBeenCalledTimes(1)
  })

  // Falls when: a deadline waits for a call that nothing else waits for.
  test('an axios instance that never answers keeps no process alive', () => {
    const timers = () => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length
    const before = timers()
    const request = jest.fn(() => new Promise<never>(() => undefined))
    void client({ http: { request }, timeout: 30_000 }).register()
    expect(request).toHaveBeenCalledTimes(1)
    expect(timers()).toBe(before)
  })
})
