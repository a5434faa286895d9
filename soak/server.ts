// One server process of the soak: a site with two scenes, as README describes it for several processes. It tells its parent
// whom its handlers let in, so that what a killed process did not live to answer is known as well.
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { RedisStore as SessionStore } from 'connect-redis'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { geetest, GeetestError, proofOfWork, type Effects, type Geetest, type TicketStore } from 'express-geetest'
import { RedisStore } from 'express-geetest/redis'
import session from 'express-session'
import { createClient } from 'redis'
import { AHEAD, AHEAD_MS, GUARDS, MOUNTS, type Guarded, type Scene, type Told } from './site'

declare module 'express-session' {
  interface SessionData {
    greeted?: true
  }
}

const { REDIS_URL = '', GEETEST_ID = '', GEETEST_KEY = '', GEETEST_API_SERVER = '' } = process.env

const tell = (told: Told): void => void process.send?.(told)

async function connect() {
  const client = createClient({
    url: REDIS_URL,
    disableOfflineQueue: true,
    commandOptions: { timeout: 1000 },
    // Soon after Redis is back, so is the site; the client's own pauses grow to two seconds.
    socket: { reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 500) },
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

function captchaFor(scene: Scene, store: TicketStore, effects?: Partial<Effects>): Geetest {
  const options = {
    captchaId: GEETEST_ID,
    privateKey: GEETEST_KEY,
    apiServer: GEETEST_API_SERVER,
    scene,
    store,
    // So little that one machine can do it for a whole crowd.
    downtime: proofOfWork({ privateKey: GEETEST_KEY, hashes: 2 }),
    // Those for one address as they come; those for everyone are made for a site, and not for a crowd.
    budgets: { totalIssues: 1_000_000, totalFailures: 1_000_000 },
  }
  return geetest(options, effects)
}

/** A session store that fails is the site's own concern: 503, in words of its own. */
function withSessions(store: SessionStore): RequestHandler {
  const sessions = session({ store, secret: 'soak', resave: false, saveUninitialized: false })
  return (req, res, next) =>
    sessions(req, res, (error?: unknown) => {
      if (error === undefined) return next()
      // Also told when the session could not be saved after the answer was written.
      if (!res.headersSent) res.status(503).json({ code: 'session_store' })
    })
}

const accept: RequestHandler = (req, res) => {
  const { via = 'none', mode = 'none', scene = 'none' } = req.geetest ?? {}
  const id = String(req.get('x-request-id'))
  tell({ type: 'accepted', id, path: req.path, session: req.sessionID, scene, via, mode })
  res.json({ result: 'success' })
}

const denied: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  if (!GeetestError.is(error)) tell({ type: 'trouble', text: `error without a code: ${inspect(error)}` })
  if (res.headersSent) return
  const [status, code] = GeetestError.is(error) ? [error.status, error.code] : [500, 'none']
  res.status(status).json({ code })
}

function siteOn(client: Awaited<ReturnType<typeof connect>>): Express {
  const store = new RedisStore(client)
  const captchas = { login: captchaFor('login', store), comment: captchaFor('comment', store) }
  const ahead = captchaFor('login', store, { now: () => Date.now() + AHEAD_MS })
  const app = express()
  // The crowd comes through a balancer on this machine, each visitor from an address of their own.
  app.set('trust proxy', 'loopback')
  app.disable('x-powered-by')
  app.get('/status', (_req, res) => void res.json(captchas.login.status))
  app.use(withSessions(new SessionStore({ client })))
  app.get('/', (req, res) => {
    req.session.greeted = true
    res.end()
  })
  for (const scene of ['login', 'comment'] as const) app.use(MOUNTS[scene] || '/', captchas[scene])
  for (const path of Object.keys(GUARDS) as Guarded[]) {
    const { scene, uses, seconds } = GUARDS[path]
    app.post(path, captchas[scene].validate({ uses, seconds }), accept)
  }
  app.post(AHEAD, ahead.validate(), accept)
  return app.use(denied)
}

async function main(): Promise<void> {
  const app = siteOn(await connect())
  const server = app.listen(0, '127.0.0.1', () => tell({ type: 'ready', port: (server.address() as AddressInfo).port }))
  // Longer than any visitor is idle, so that no request meets a socket that is being closed.
  server.keepAliveTimeout = 120_000
}

process.on('warning', (warning) => tell({ type: 'trouble', text: `warning: ${inspect(warning)}` }))
process.on('message', (word) => {
  if (word !== 'measure') return
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  tell({ type: 'memory', heap: heapUsed, rss })
})
// The parent is gone, and with it everybody who would stop this process.
process.on('disconnect', () => process.exit())

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
