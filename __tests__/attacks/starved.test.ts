import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { Agent, request as ask } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import request from 'supertest'
import { RedisStore } from '../../lib/redis-store'
import { describeOnRedis } from '../support/redis'
import { site } from '../support/site'
import { sized } from '../support/size'
import { eventually } from '../support/world'
import { evilCloud } from './support/evil-cloud'
import type { Order, StarvingOptions } from './support/starving-site'

const times = <T>(count: number, act: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => act(i))

const children: ChildProcess[] = []
afterEach(() => children.splice(0).forEach((child) => void child.kill('SIGKILL')))

/** A site in a process of its own, asked over one connection that is kept. */
async function starvingSite(options: StarvingOptions, descriptors = 'unlimited') {
  const file = join(__dirname, 'support/starving-site.ts')
  const limited = descriptors === 'unlimited' ? '' : `ulimit -n ${descriptors} && `
  const args = ['--import', 'tsx', file, JSON.stringify(options)]
  const child = spawn('/bin/sh', ['-c', `${limited}exec "$0" "$@"`, process.execPath, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  children.push(child)
  const early = once(child, 'exit').then(() => Promise.reject(new Error('the site ended before it listened')))
  const [{ port }] = (await Promise.race([once(child, 'message'), early])) as [{ port: number }]
  early.catch(() => undefined)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })

  async function tell(order: Order): Promise<unknown> {
    const answered = once(child, 'message') as Promise<[{ answer: unknown }]>
    child.send(order)
    return (await answered)[0].answer
  }
  function get(path: string): Promise<{ status: number; body: Record<string, unknown>; wait: string | undefined }> {
    return new Promise((resolve, reject) => {
      const req = ask({ agent, host: '127.0.0.1', port, path }, (res) => {
        let text = ''
        res.setEncoding('utf8').on('data', (part: string) => (text += part))
        res.once('end', () => {
          resolve({ status: Number(res.statusCode), body: JSON.parse(text), wait: res.headers['retry-after'] })
        })
      })
      req.once('error', reject).end()
    })
  }
  return { tell, get, status: () => tell('status') as Promise<{ mode: 'up' | 'down' }> }
}

/** A cloud that hangs up after each answer, so that each call needs a connection and a name of its own. */
async function brusqueCloud() {
  const evil = await evilCloud({
    register: (res) => void res.setHeader('Connection', 'close').end('f'.repeat(32)),
  })
  const byName = evil.credentials.apiServer.replace('127.0.0.1', 'localhost')
  return { evil, options: { ...evil.credentials, apiServer: byName } }
}

// Falls when: a machine without a descriptor left takes what it cannot send for a cloud that does not answer.
test.each(['127.0.0.1', 'localhost'])(
  'attack 34: a process that has used up its descriptors finds the cloud at %s as well as ever',
  async (host) => {
    const { options } = await brusqueCloud()
    const starving = await starvingSite({ ...options, apiServer: options.apiServer.replace('localhost', host) }, '512')
    await starving.get('/here')
    const replies: string[] = []
    await eventually(async () => {
      expect(await starving.tell('use up descriptors')).toBe('EMFILE')
      const { status, body, wait } = await starving.get('/getcaptcha')
      replies.push(`${status} ${String(body.code ?? body.success)} ${wait ?? ''}`)
      return replies.filter((reply) => reply.startsWith('429')).length === 6
    })
    // Something in the process may just have closed a file: who finds a descriptor is served online.
    expect(new Set(replies.filter((reply) => reply !== '200 1 '))).toEqual(new Set(['429 unavailable 1']))
    expect(await starving.status()).toMatchObject({ mode: 'up' })
    await starving.tell('give descriptors back')
    expect((await starving.get('/getcaptcha')).body.success).toBe(1)
  },
)

/** Asks until a name takes far longer to be looked up than a call may. */
async function askWhileHashing(starving: Awaited<ReturnType<typeof starvingSite>>, timeout: number) {
  expect(await starving.tell('hash')).toBeGreaterThan(timeout)
  const replies = []
  for (let i = 0; i < 6; i++) replies.push(await starving.get('/getcaptcha'))
  return replies.map(({ status, body }) => body.success ?? status)
}

// Falls when: the time that a name waits for a thread of the site's own hashing is the cloud's.
test('attack 34: a site that hashes 64 passwords at once cannot look the cloud up, and does not call it down', async () => {
  const { options } = await brusqueCloud()
  const starving = await starvingSite({ ...options, timeout: 200 })
  expect(await askWhileHashing(starving, 200)).not.toContain(0)
  expect(await starving.status()).toMatchObject({ mode: 'up' })
  await starving.tell('rest')
  await eventually(async () => (await starving.get('/getcaptcha')).body.success === 1)
})

describeOnRedis('an idle node beside one whose pool is full', (server) => {
  // Falls when: what a node cannot send for reasons of its own is told to the others as an outage.
  test('attack 34: hears of no outage, and serves its visitors online', async () => {
    const { options } = await brusqueCloud()
    const seen: unknown[] = []
    const store = new RedisStore((await server.connect('ioredis 6')).client, { timeout: 30_000 })
    const onEvent = (event: { type: string }) => void (event.type === 'cloud' && seen.push(event))
    const idle = site({ ...options, timeout: 200, store, onEvent })
    const starving = await starvingSite({ ...options, timeout: 200, redisPort: server.port })
    expect(await askWhileHashing(starving, 200)).not.toContain(0)
    expect(await starving.status()).toMatchObject({ mode: 'up' })
    // What that node has said by now is read here: Redis answers in its order.
    await server.send('PING')
    expect((await idle.captcha.health()).mode).toBe('up')
    expect(seen).toEqual([])
    store.close()
  })
})

describe('many connections that post 95 kB of JSON to the guard, and a cloud over https at 60 ms', () => {
  let server: Server | undefined
  afterAll(() => server?.close().closeAllConnections())

  // Falls when: the time in which this process reads what visitors post is the cloud's.
  test('attack 34: do not make an outage', async () => {
    const far = fork(join(__dirname, 'support/far-cloud.cjs'))
    children.push(far)
    const [url] = (await once(far, 'message')) as [string]
    // A connection for each call, so that each has its handshake.
    const http = { httpsAgent: new SecureAgent({ rejectUnauthorized: false }) }
    const options = { captchaId: 'a'.repeat(32), privateKey: 'k', apiServer: url, http, timeout: 500 }
    const { app, captcha } = site(options)
    server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const flood = fork(join(__dirname, 'support/flood.cjs'), [String(port), String(sized(80))])
    children.push(flood)
    await once(flood, 'message')
    const replies = await Promise.all(times(6, () => request(server as Server).get('/getcaptcha')))
    expect(replies.map(({ body }) => body.success as unknown)).not.toContain(0)
    expect(captcha.status.mode).toBe('up')
    // They were there all the time.
    await once(flood, 'message')
    // As long as the machine needs.
  }, 300_000)
})
