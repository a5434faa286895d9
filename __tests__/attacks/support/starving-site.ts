// A site in a process of its own, which runs out of what it is told to run out of.
import { pbkdf2, pbkdf2Sync } from 'node:crypto'
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { devNull } from 'node:os'
import express, { type ErrorRequestHandler } from 'express'
import session from 'express-session'
import { Redis } from 'ioredis'
import { geetest, MemoryStore, type TicketStore } from '../../../lib'
import { RedisStore } from '../../../lib/redis-store'

export interface StarvingOptions {
  readonly captchaId: string
  readonly privateKey: string
  readonly apiServer: string
  readonly timeout?: number
  /** Absent: it keeps its tickets for itself. */
  readonly redisPort?: number
}
export type Order = 'status' | 'hash' | 'rest' | 'use up descriptors' | 'give descriptors back'

const { redisPort, ...options } = JSON.parse(String(process.argv[2])) as StarvingOptions

async function storeOf(): Promise<TicketStore> {
  if (redisPort === undefined) return new MemoryStore()
  const client = new Redis(redisPort, '127.0.0.1')
  await once(client, 'ready')
  return new RedisStore(client, { timeout: 30_000 })
}

const errorsAsJson: ErrorRequestHandler = (error, _req, res, _next) => {
  res.status(error.status ?? 500).json({ code: error.code ?? 'none' })
}

/** So many passwords at once are hashed, each for so many milliseconds at least. */
const JOBS = 64
const JOB_MS = 40

function iterations(): number {
  for (let count = 50_000; ; count *= 2) {
    const begun = performance.now()
    pbkdf2Sync('password', 'salt', count, 32, 'sha256')
    if (performance.now() - begun >= JOB_MS) return count
  }
}

let hashing = false
function hash(count: number): void {
  pbkdf2('password', 'salt', count, 32, 'sha256', () => hashing && hash(count))
}

/** @returns how long a look-up takes then, in milliseconds */
function fillPool(): Promise<number> {
  hashing = true
  const count = iterations()
  for (let job = 0; job < JOBS; job++) hash(count)
  const begun = performance.now()
  return new Promise((resolve) => lookup('localhost', () => resolve(performance.now() - begun)))
}

const held: number[] = []
function useUpDescriptors(): string {
  try {
    for (;;) held.push(openSync(devNull, 'r'))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? ''
  }
}

async function main(): Promise<void> {
  const captcha = geetest({ ...options, store: await storeOf(), downtime: 'allow' })
  const app = express()
  app.use(session({ secret: 'test', resave: false, saveUninitialized: false }), captcha)
  app.get('/here', (_req, res) => void res.json({}))
  app.post('/login', captcha.validate(), (_req, res) => void res.json({}))
  app.use(errorsAsJson)

  const orders: Record<Order, () => unknown> = {
    status: () => captcha.status,
    hash: fillPool,
    rest: () => (hashing = false),
    'use up descriptors': useUpDescriptors,
    'give descriptors back': () => held.splice(0).forEach((one) => closeSync(one)),
  }
  process.on('message', (order: Order) => {
    void Promise.resolve(orders[order]()).then((answer) => process.send?.({ order, answer }))
  })
  process.on('disconnect', () => process.exit())

  const server = createServer(app).listen(0, '127.0.0.1')
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  process.send?.({ port: (server.address() as AddressInfo).port })
}

void main()
