import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express, type RequestHandler } from 'express'
import { geetest, MemoryStore, proofOfWork, type Geetest, type GeetestOptions, type TicketStore } from '../../lib'
import type { Success } from '../../lib/captcha'
import type { Simulator } from '../../lib/simulator'
import { errorsAsJson, sessions } from '../support/site'
import type { World } from '../support/world'
import type { Batch, Setup } from './cases'

/** Requests that one solve opens a guard of that scene for. */
export const USES = { login: 1, comment: 3 } as const
export type Scene = keyof typeof USES

/** What the site saw of one request when its answer left; the client may have gone by then. */
export interface Exchange {
  readonly path: string
  readonly session: string | undefined
  readonly fields: Readonly<Record<string, unknown>>
  readonly status: number
  readonly text: string
  /** What a guard said, if the request went past one. */
  readonly opened?: { readonly scene: Scene; readonly strict: boolean; readonly verdict: Success | undefined }
}

/** A site, and what it has seen. */
export interface Site {
  readonly app: Express
  readonly seen: Exchange[]
  /** Requests that it has not answered yet. */
  readonly open: Set<ServerResponse>
}

/** Where the sites of one run live, one after another. */
export interface House {
  readonly server: Server
  readonly port: number
  site: Site
}

export async function buildHouse(): Promise<House> {
  const server = createServer((req, res) => {
    const { site } = house
    watch(site, req, res)
    site.app(req, res)
  }).listen(0, '127.0.0.1')
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const house: House = { server, port, site: { app: express(), seen: [], open: new Set() } }
  return house
}

type Writing = (...args: unknown[]) => unknown
type Watched = IncomingMessage & { sessionID?: string; body?: unknown; opened?: Exchange['opened'] }

/** Notes what is answered, at the last moment before it is written. */
function watch({ seen, open }: Site, req: Watched, res: ServerResponse): void {
  const path = (req.url ?? '').split('?')[0] ?? ''
  const write = res.write.bind(res) as Writing
  const end = res.end.bind(res) as Writing
  let text = ''
  const hear = (chunk: unknown): void => {
    if (typeof chunk === 'string' || (Buffer.isBuffer(chunk) && !path.includes('.js'))) text += chunk.toString()
  }
  open.add(res)
  res.write = (chunk: unknown, ...rest: unknown[]) => {
    hear(chunk)
    return write(chunk, ...rest) as boolean
  }
  res.end = (chunk?: unknown, ...rest: unknown[]) => {
    hear(chunk)
    Object.assign(res, { write, end })
    open.delete(res)
    const fields = typeof req.body === 'object' && req.body !== null ? { ...req.body } : {}
    const { sessionID: session, opened } = req
    seen.push({ path, session, fields, status: res.statusCode, text, ...(opened && { opened }) })
    return end(chunk, ...rest) as ServerResponse
  }
}

/** A site of two scenes; its plugins are there for an operator's word, and to be closed. */
export function furnish(simulator: Simulator, url: string, world: World, batch: Batch) {
  const { setup, cloud, storeFails } = batch
  const store = failing(new MemoryStore({ now: world.now }), storeFails)
  const { captchaId, privateKey } = simulator
  const options: GeetestOptions = {
    captchaId,
    privateKey,
    apiServer: url,
    // Long enough for any pause of a busy machine, unless waiting is the point.
    timeout: cloud.hangs ? 50 : 10_000,
    newCaptcha: setup.newCaptcha,
    downtime: setup.downtime === 'light' ? proofOfWork({ privateKey, hashes: 2, now: world.now }) : setup.downtime,
    store,
    ...(setup.tightBudgets && { budgets: { issues: 4, failures: 2 } }),
  }
  const login = geetest({ ...options, scene: 'login' }, world)
  const comment = geetest({ ...options, scene: 'comment' }, world)
  const site: Site = { app: appOf(setup, login, comment), seen: [], open: new Set() }
  return { site, store, plugins: [login, comment] }
}

function appOf(setup: Setup, login: Geetest, comment: Geetest): Express {
  const app = express()
  app.set('env', 'test')
  if (setup.trustProxy) app.set('trust proxy', 'loopback')
  app.use(...parsers(setup.parsers), sessions(), login)
  app.use('/other', comment)
  app.all('/login', login.validate(), opened('login'))
  app.all('/strict', login.validate({ downtime: 'deny' }), opened('login', true))
  app.all('/comment', comment.validate({ uses: USES.comment }), opened('comment'))
  app.use(errorsAsJson)
  return app
}

function parsers(kind: Setup['parsers']): RequestHandler[] {
  if (kind === 'extended') return [express.json(), express.urlencoded({ extended: true })]
  return kind === 'text' ? [express.text({ type: '*/*' })] : [(_req, _res, next) => next()]
}

const opened =
  (scene: Scene, strict = false): RequestHandler =>
  (req, res) => {
    Object.assign(req, { opened: { scene, strict, verdict: req.geetest } })
    res.json(req.geetest ?? null)
  }

/** A store that throws or rejects at the calls of those numbers. */
function failing(inner: MemoryStore, numbers: readonly number[]): TicketStore & { readonly failures: number } {
  let calls = 0
  let failures = 0
  function attempt<T>(act: () => T): T | Promise<T> {
    if (!numbers.includes(calls++)) return act()
    if (++failures % 2 === 0) return Promise.reject(new Error('the store is down'))
    throw new Error('the store is down')
  }
  return {
    put: (...args) => attempt(() => inner.put(...args)),
    take: (...args) => attempt(() => inner.take(...args)),
    get failures() {
      return failures
    },
  }
}
