import type { Request, Router } from 'express'
import type { Success, Verdict } from '../captcha'
import { createCore, type Effects } from '../core'
import { GeetestError, withoutStack } from '../errors'
import { emitter } from '../events'
import type { Health } from '../health'
import { later } from '../later'
import type { CloudStatus, Order } from '../outage'
import { randomBytes } from '../random'
import { createFlow, type Issue } from './flow'
import { guardWith } from './guard'
import type { AnyRequest, GeetestOptions, Guard, GuardOptions, VerifyOptions } from './options'
import { inItsPlace, isMounted } from './placement'
import { ownOptions } from '../rules'
import { mark, routes, scripts } from './routes'
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
  readonly validate: (options?: GuardOptions) => Guard
  /** The guard's verdict as a value, on the same terms. Takes the ticket or the pass, as the guard does. */
  readonly verify: (req: AnyRequest, options?: VerifyOptions) => Promise<Verdict>
  /** What `GET /getcaptcha` answers, for pages rendered on the server. Rejects with `store_error` if it cannot be kept. */
  readonly issue: (req: AnyRequest) => Promise<Issue>
  /** Live: whether the cloud answers, since when, and why we think so. */
  readonly status: CloudStatus
  /**
   * How the plugin is, for a health route: the cloud, this node's calls to it, and whether the store keeps a record and gives it
   * back. Never rejects; takes at most `timeout`. Downtime is `degraded` and no reason to take a node out of service.
   */
  readonly health: () => Promise<Health>
  /** What the options decided, defaults filled in, without the private key: for a health page, and for the doctor. */
  readonly settings: ShownSettings
  /** `false` once `close()` was called: for a readiness probe. A store or a cloud that fails does not change it. */
  readonly ready: boolean
  /**
   * The scripts alone (`GET /gt.js` and so on), for in front of the session: `app.use(captcha.scripts, session({ … }), captcha)`. They are then
   * served whatever becomes of the session's store.
   */
  readonly scripts: Router
  /** An operator's word, which outweighs everything measured until it expires; `undefined` takes it back. */
  readonly force: (order: Order | undefined) => void
  /**
   * Ends what runs in the background. Requests are still served: `ready` is false, `health()` says `closing`, and each connection that brings
   * a request is asked to end with its answer, so that a balancer can be drained before the server closes. May be called twice; nothing
   * keeps the process alive without it either.
   */
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
  const { captcha, outage, ask, force, health, isClosed, close } = createCore(settings, world, emitter(options.onEvent))
  const flow = createFlow({ captcha, settings, ask, options, now: world.now })
  const plain = resolveGuard('verify', {}, flow.guards)
  // Pages that the site renders itself may need no routes.
  let issues = false
  async function verify(req: Request, guard?: VerifyOptions): Promise<Verdict> {
    refuseOther('verify', req)
    return flow.check(req, guard === undefined ? plain : resolveGuard('verify', guard, flow.guards))
  }
  async function issue(req: Request): Promise<Issue> {
    refuseOther('issue', req)
    issues = true
    // The route that asks may be what a form's `data-scene` names.
    if (req.res) mark(req.res)
    return flow.issue(req)
  }

  const router = inItsPlace(routes(flow), isClosed)
  const place = { onDeny: options.onDeny, hasRoutes: (req: Request) => issues || isMounted(req, router) }

  // Getters must be defined, not assigned: Object.assign would copy today's status and keep it.
  return Object.defineProperties(router, {
    validate: { value: (guard: GuardOptions = {}) => guardWith(flow, guard, place) },
    verify: { value: asValue('verify', verify, 1) },
    issue: { value: asValue('issue', issue) },
    status: { get: () => outage.status, enumerable: true },
    ready: { get: () => !isClosed(), enumerable: true },
    scripts: { value: scripts() },
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

/**
 * A function of a request that was given to a route by itself would answer nobody: the request would hang.
 * @param most so many arguments it takes beside the request
 */
function asValue<T>(name: string, act: (req: Request, options?: VerifyOptions) => Promise<T>, most = 0) {
  return (req: Request, ...more: unknown[]): Promise<T> => {
    if (more.length <= most && !more.some(isResponse)) return act(req, more[0] as VerifyOptions | undefined)
    throw GeetestError.setup(
      'guard_not_called',
      `captcha.${name} gives a value and is no handler; write app.post('/login', captcha.validate(), login), or await ` +
        `captcha.${name}(req) in a handler of yours`,
    )
  }
}

const has = (value: unknown, ...methods: string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')

const isResponse = (value: unknown): boolean => has(value, 'setHeader', 'end')

/** What else people have at hand where Express gives them no request: a parent of GraphQL, the request of a socket. */
function refuseOther(name: string, req: unknown): void {
  const { app, headers } = Object(req) as { app?: unknown; headers?: unknown }
  if (has(req, 'get', 'is') && typeof app === 'function' && typeof headers === 'object') return
  const what = typeof headers === 'object' ? 'a request that Express has not seen' : req === null ? 'null' : typeof req
  throw withoutStack(
    GeetestError.setup(
      'invalid_option',
      `captcha.${name}(req) got ${what}; pass the request that Express gives to a handler. In a resolver of GraphQL it is what ` +
        'your context says, such as context.req; of a socket, Object.setPrototypeOf(socket.request, app.request)',
    ),
  )
}
