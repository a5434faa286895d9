import type { Request, RequestHandler, Router } from 'express'
import type { Success, Verdict } from '../captcha'
import { createCore, type Effects } from '../core'
import { GeetestError } from '../errors'
import { emitter } from '../events'
import type { Health } from '../health'
import { later } from '../later'
import type { CloudStatus, Order } from '../outage'
import { randomBytes } from '../random'
import { createFlow, type Issue } from './flow'
import { guardWith } from './guard'
import type { GeetestOptions, GuardOptions } from './options'
import { inItsPlace, isMounted } from './placement'
import { ownOptions } from '../rules'
import { routes } from './routes'
import { checkOrder, resolveGuard, resolveOptions } from './settings'
import { shown, type ShownSettings } from './shown'

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- the only way to tell Express's types of a property
  namespace Express {
    interface Request {
      /** Set by `captcha.validate()`: how this visitor was verified. */
      geetest?: Success
    }
  }
}

/** The plugin: an Express router, and what a site needs beside its routes. */
export interface Geetest extends Router {
  /**
   * A guard. Lets a request through that carries a right answer or whose session holds a pass, with the verdict on
   * `req.geetest`; everything else goes to `onDeny` or `next(error)` with a `GeetestError`. Fields that are present and
   * wrong are never rescued by a pass.
   */
  readonly validate: (options?: GuardOptions) => RequestHandler
  /** The guard's verdict as a value. Takes the ticket or the pass, as the guard does. */
  readonly verify: (req: Request) => Promise<Verdict>
  /** What `GET /getcaptcha` answers, for pages rendered on the server. Rejects with `store_error` if it cannot be kept. */
  readonly issue: (req: Request) => Promise<Issue>
  /** Live: whether the cloud answers, since when, and why we think so. */
  readonly status: CloudStatus
  /**
   * How the plugin is, for a health route: the cloud, this node's calls to it, and whether the store keeps a record and gives it
   * back. Never rejects; takes at most `timeout`. Downtime is `degraded` and no reason to take a node out of service.
   */
  readonly health: () => Promise<Health>
  /** What the options decided, defaults filled in, without the private key: for a health page, and for the doctor. */
  readonly settings: ShownSettings
  /** An operator's word, which outweighs everything measured until it expires; `undefined` takes it back. */
  readonly force: (order: Order | undefined) => void
  /** Ends what runs in the background. May be called twice; nothing keeps the process alive without it either. */
  readonly close: () => void
}

const realEffects: Effects = {
  now: Date.now,
  random: randomBytes,
  later,
}

/**
 * Makes the plugin: `app.use(geetest({ captchaId, privateKey }))` mounts `GET /getcaptcha`, `POST /validate` and
 * `GET /gt.js` under wherever it is used. express-session must run before it.
 *
 * @param effects the world outside; for tests, which bring their own clock
 * @throws GeetestError `invalid_option`, naming the option, what arrived and what to write
 */
export function geetest(given: GeetestOptions, effects: Partial<Effects> = {}): Geetest {
  const options = ownOptions(given)
  const world = { ...realEffects, ...effects }
  const settings = resolveOptions(options, world.now)
  const { captcha, outage, ask, force, health, close } = createCore(settings, world, emitter(options.onEvent))
  const flow = createFlow({ captcha, settings, ask, options, now: world.now })
  const terms = resolveGuard({}, flow.provider)

  let issues = false
  const router = inItsPlace(routes(flow))
  const place = { onDeny: options.onDeny, hasRoutes: (req: Request) => issues || isMounted(req, router) }

  // Getters must be defined, not assigned: Object.assign would copy today's status and keep it.
  return Object.defineProperties(router, {
    validate: { value: (guard: GuardOptions = {}) => guardWith(flow, guard, place) },
    verify: { value: asValue('verify', (req) => flow.check(req, terms)) },
    issue: {
      value: asValue('issue', (req) => {
        issues = true
        return flow.issue(req)
      }),
    },
    status: { get: () => outage.status, enumerable: true },
    settings: { value: shown(settings) },
    force: {
      value(order: Order | undefined) {
        checkOrder(order)
        force(order)
      },
    },
    health: { value: asValue('health', health) },
    close: { value: close },
  }) as Geetest
}

/** A function of a request that was given to a route by itself would answer nobody: the request would hang. */
function asValue<T>(name: string, act: (req: Request) => Promise<T>) {
  return (req: Request, ...more: unknown[]): Promise<T> => {
    if (more.length === 0) return act(req)
    throw GeetestError.setup(
      'guard_not_called',
      `captcha.${name} gives a value and is no handler; write app.post('/login', captcha.validate(), login), or await ` +
        `captcha.${name}(req) in a handler of yours`,
    )
  }
}
