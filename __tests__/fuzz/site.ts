import express, { type Express, type RequestHandler } from 'express'
import { geetest, MemoryStore, proofOfWork, type Geetest, type GeetestOptions, type TicketStore } from '../../lib'
import { errorsAsJson, sessions } from '../support/site'
import type { World } from '../support/world'
import type { Batch, Setup } from './batch'
import type { Site } from './house'
import { downtimeOf, KEY, USES, type Scene } from './scenes'
import type { Cloud } from './upstream'

/** What a site is made of: its plugins are there for an operator's word, and to be closed. */
export interface Furnished {
  readonly site: Site
  readonly store: { readonly failures: number }
  readonly plugins: readonly Geetest[]
  /** Those of one process. */
  readonly of: Readonly<Record<Scene, Geetest>>
  /** What happens to the store during a wave, and is over at its end. */
  readonly trouble?: { begin(wave: number): void; end(): Promise<void> }
  close?(): void
}
export type Furnish = (cloud: Cloud, world: World, batch: Batch) => Furnished

/** A site of two scenes, in one process. */
export const furnish: Furnish = (cloud, world, batch) => {
  const store = failing(new MemoryStore({ now: world.now }), batch.storeFails)
  const { app, of } = node(cloud, world, batch, store, sessions())
  const site: Site = { app, now: world.now, seen: [], open: new Set() }
  return { site, store, plugins: Object.values(of), of }
}

/** One process of a site. */
export function node(cloud: Cloud, world: World, batch: Batch, store: TicketStore, visits: RequestHandler) {
  const { setup } = batch
  const light = proofOfWork({ privateKey: KEY, hashes: 2 })
  function guardOf(scene: Scene): Geetest {
    const downtime = downtimeOf(setup, scene)
    const options: GeetestOptions = {
      ...setup.scenes[scene],
      scene,
      privateKey: KEY,
      apiServer: cloud.url(scene),
      // Long enough for any pause of a busy machine, unless waiting is the point.
      timeout: batch.cloud.hangs ? 50 : 10_000,
      ...(setup.scenes[scene].version === 3 && { newCaptcha: setup.newCaptcha }),
      downtime: downtime === 'light' ? light : downtime,
      store,
      ...(setup.tightBudgets && { budgets: { issues: 4, failures: 2 } }),
    }
    return geetest(options, world)
  }
  const of = { login: guardOf('login'), comment: guardOf('comment') }
  return { app: appOf(setup, of, visits), of }
}

function appOf(setup: Setup, { login, comment }: Record<Scene, Geetest>, visits: RequestHandler): Express {
  const app = express()
  app.set('env', 'test')
  if (setup.trustProxy) app.set('trust proxy', 'loopback')
  app.use(...parsers(setup.parsers), visits, login)
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
    claim: (...args) => attempt(() => inner.claim(...args)),
    get failures() {
      return failures
    },
  }
}
