import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer as createHttps } from 'node:https'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { join } from 'node:path'
import axios from 'axios'
import express, { type Express } from 'express'
import session, { type SessionOptions } from 'express-session'
import { geetest, MemoryStore, type Geetest, type GeetestOptions, type TicketStore } from '../../lib'
import { main } from '../../lib/cli/main'
import type { World } from '../../lib/cli/world'
import type { Simulator } from '../../lib/simulator'
import { credentials, ending } from './site'

const root = join(__dirname, '../..')

export const certificate = readFileSync(join(__dirname, 'tls/certificate.pem'), 'utf8')
const key = readFileSync(join(__dirname, 'tls/key.pem'), 'utf8')

/** What the doctor is given: a module in place of a file, and what differs in its surroundings. */
export interface Seed extends Partial<Omit<World, 'load' | 'out' | 'err'>> {
  /** What the file exports; a function is asked for it, and may throw. */
  readonly file?: () => unknown
  readonly args?: readonly string[]
}

export interface Finding {
  readonly code: string
  readonly level: 'ok' | 'warning' | 'problem'
  readonly message: string
  readonly write?: string
}

/** Names that the tests use, all of them on this machine; nothing else has an address. */
const here: LookupFunction = (name, options, done) => {
  if (!name.endsWith('.test') && name !== 'localhost') {
    return done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), '')
  }
  if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }])
  else done(null, '127.0.0.1', 4)
}

/** Runs a command line in a world of the test's own. */
export async function command(args: readonly string[], { file, ...seed }: Seed = {}) {
  const out: string[] = []
  const err: string[] = []
  const code = await main([...args], {
    env: { NODE_ENV: 'production' },
    cwd: root,
    now: Date.now,
    nodeVersion: process.versions.node,
    patience: 10_000,
    lookup: here,
    run: () => Promise.resolve(0),
    random: randomBytes,
    ended: () => Promise.resolve(),
    load: () => Promise.resolve(file?.()),
    ...seed,
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

/** What the doctor finds, by code. */
export async function diagnose({ args = [], ...seed }: Seed) {
  const file = seed.file ? [join(root, 'app.js')] : []
  const { code, out } = await command(['doctor', ...file, '--json', ...args], seed)
  const report = JSON.parse(out) as { ok: boolean; findings: Finding[]; drill?: { ok: boolean; lines: string[] } }
  const find = (wanted: string): Finding | undefined => report.findings.find((one) => one.code === wanted)
  return { exit: code, out, find, ...report }
}

/** What can be done to a site that is right. */
export interface Change {
  readonly options?: Partial<GeetestOptions>
  readonly session?: Partial<SessionOptions> | false
  readonly trustProxy?: unknown
  readonly guarded?: false
  readonly plugin?: false
  readonly prefix?: string
}

class OwnSessions extends session.MemoryStore {}

/** A store of the site's own, which nobody takes for ours. */
export function ownTickets(): TicketStore {
  const inner = new MemoryStore()
  return {
    put: (...record) => inner.put(...record),
    take: (id) => inner.take(id),
    claim: (...mark) => inner.claim(...mark),
  }
}

/** A deployment in which nothing is wrong, as its module would export it, and what is changed in it. */
export function deployment(simulator: Simulator, change: Change = {}): { app: Express; captcha: Geetest } {
  const captcha = ending(geetest({ ...overProxy(simulator), store: ownTickets(), ...change.options }))
  const app = express()
  app.set('trust proxy', 'trustProxy' in change ? change.trustProxy : 'loopback')
  if (change.session !== false) {
    const cookie = { secure: true, sameSite: 'lax', httpOnly: true } as const
    const secret = 'long enough, and in no book'
    app.use(
      session({ secret, resave: false, saveUninitialized: false, store: new OwnSessions(), cookie, ...change.session }),
    )
  }
  if (change.plugin !== false) app.use(change.prefix ?? '/', captcha)
  app.post('/login', ...(change.guarded === false ? [] : [captcha.validate()]), (_req, res) => void res.send('in'))
  return { app, captcha }
}

/** The vendor's cloud under its own name, reached over an axios of the site's own, which goes to the simulator instead. */
function overProxy(simulator: Simulator): GeetestOptions {
  const { url, ...account } = { ...credentials(simulator), url: simulator.url }
  const request = (config: { url?: string }) =>
    axios.request({ ...config, url: String(config.url).replace(/^https:\/\/(api|gcaptcha4)\.geetest\.com/, url) })
  return { ...account, apiServer: undefined, http: { request } }
}

const servers: Server[] = []
afterAll(() => servers.forEach((server) => server.close().closeAllConnections()))

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A server of this test file's own; gives its port. */
export const serve = (handler: RequestListener): Promise<number> => listen(createServer(handler))
/** The same over TLS, with a certificate for 127.0.0.1 and cloud.test. */
export const serveTls = (handler: RequestListener): Promise<number> =>
  listen(createHttps({ key, cert: certificate }, handler))
