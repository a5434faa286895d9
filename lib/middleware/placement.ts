import express, { type NextFunction, type Request, type RequestHandler, type Response, type Router } from 'express'
import { GeetestError, withoutStack } from '../errors'
import { GUARD_NAME } from './guard'
import { marks } from './marks'

/** What a router of Express holds, as far as both majors agree on it. */
interface Layer {
  readonly handle?: unknown
  readonly name?: string
  /** Of a route's handlers alone: which requests it is for. Absent: for all. */
  readonly method?: string | undefined
  readonly route?: { readonly stack: readonly Layer[] } | undefined
}

/**
 * The plugin as middleware: it answers its own routes and lets every other request through. In a route, where a guard belongs, letting
 * through would mean to let everybody in. So what would go on from there to somebody's handler is refused, with what to write.
 *
 * Once the plugin is closed it asks each connection to end with its answer, so that no balancer sends a request over one that is about to.
 *
 * @param router the plugin's routes
 * @returns a function that is to Express what `router` would be
 */
export function inItsPlace(router: Router, isClosed: () => boolean): Router {
  // Rest parameters do not count for `length`, by which Express knows middleware.
  function geetestRouter(req: Request, res: Response, next: NextFunction, ...more: unknown[]): void {
    if (typeof next !== 'function') throw notMiddleware()
    if (isClosed() && req.httpVersionMajor < 2 && !res.headersSent) res.setHeader('Connection', 'close')
    called.add(router.stack)
    // Now, because the routes behind leave their own on the request.
    const refusal = isMisplaced(req, res, next, more) ? misplaced(req) : undefined
    router(req, res, (error?: unknown) => {
      if (error !== undefined && error !== null) return next(error)
      if (refusal !== undefined) return next(refusal)
      if (req.baseUrl !== '' && !isSafe(req.method) && /^\/?(\?|$)/.test(req.url)) watch(req, res)
      next()
    })
  }

  function isMisplaced(req: Request, res: Response, next: NextFunction, more: readonly unknown[]): boolean {
    // `router.param` gives the parameter's value and name too.
    if (more.length > 0) return true
    const handlers = handlersOf(req)
    if (handlers === undefined || marks.hasPassed(req)) return false
    const at = handlers.findIndex(({ handle }) => isOrHolds(handle, router))
    if (at >= 0) {
      const { handle } = handlers[at] as Layer
      const behind = handlers.slice(at + 1)
      // Who put a guard behind it, or beside it in a router that stands in a route as a whole, has guarded what is there.
      return !behind.some(isGuard) && (isIt(handle, router) || (behind.length > 0 && !holdsGuard(handle)))
    }
    // A route stays on the request when its handlers have called next(). A router passes on the `next` that is on the request too, and
    // a route one of its own. What neither is comes from somebody's function around this one, unless tracing wraps everything here.
    return next !== req.next && !isTraced(req, res)
  }

  let warned = false
  /** `app.use('/login', captcha, handler)` looks like a page behind the plugin's routes; so it can only be told of. */
  function watch(req: Request, res: Response): void {
    if (warned) return
    const where = `${req.method} ${req.baseUrl}`
    res.once('finish', () => {
      if (warned || res.statusCode >= 400 || marks.wasAsked(req)) return
      warned = true
      process.emitWarning(
        `${where} was answered without a captcha, at the address under which the plugin is mounted. If that was to be guarded, write ` +
          "captcha.validate() in front of its handler: app.use('/login', captcha, handler) mounts routes and asks nobody anything",
        { type: 'GeetestWarning', code: 'GEETEST_UNGUARDED' },
      )
    })
  }

  return Object.setPrototypeOf(geetestRouter, router) as Router
}

/** The plugins that have been called as middleware, by their stacks. */
const called = new WeakSet<object>()

/** Whether the plugin is anywhere in the app that a request came to, or in one around it; or was called, wherever it is. */
export function isMounted(req: Request, captcha: Router): boolean {
  if (called.has(captcha.stack)) return true
  let app: unknown = req.app
  for (let depth = 0; typeof app === 'function' && depth < 20; depth++) {
    if (isOrHolds(app, captcha)) return true
    app = (app as { parent?: unknown }).parent
  }
  return false
}

/** Whether a request of this method asks for nothing to be done. */
const isSafe = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method)

/** The handlers for this request of the route that it is in, or was in last. */
function handlersOf({ route, method }: Request): readonly Layer[] | undefined {
  const { stack } = (route ?? {}) as { stack?: unknown }
  if (!Array.isArray(stack)) return undefined
  const own = method.toLowerCase()
  const forThis = (wanted: string) => (stack as Layer[]).filter((layer) => !layer.method || layer.method === wanted)
  // Express answers a HEAD by what is there for GET.
  return own === 'head' && !(stack as Layer[]).some((layer) => layer.method === 'head') ? forThis('get') : forThis(own)
}

/** The plugin, also where tracing has put a function of its own around it, which shows everything that it carries. */
const isIt = (handle: unknown, router: Router): boolean => stackOf(handle) === router.stack

function isOrHolds(handle: unknown, router: Router): boolean {
  return isIt(handle, router) || stackOf(handle).some((layer) => isOrHolds(layer.handle, router))
}

const isGuard = ({ name, handle }: Layer): boolean =>
  name === GUARD_NAME || (handle as { name?: unknown } | undefined)?.name === GUARD_NAME

const holdsGuard = (handle: unknown): boolean =>
  stackOf(handle).some((layer) => isGuard(layer) || layer.route?.stack.some(isGuard) || holdsGuard(layer.handle))

const NOTHING: readonly Layer[] = []

/** An app of its own keeps its router behind `_router` in Express 4, where reading `router` throws, and behind `router` in 5. */
function stackOf(handle: unknown): readonly Layer[] {
  if (typeof handle !== 'function') return NOTHING
  const { stack, _router } = handle as { stack?: unknown; _router?: unknown }
  if (Array.isArray(stack)) return stack as Layer[]
  if (_router !== undefined) return stackOf(_router)
  return 'lazyrouter' in handle ? NOTHING : stackOf((handle as { router?: unknown }).router)
}

/** Whether a handler here is given another `next` than its router's: what watches an app from outside wraps them all. */
function isTraced(req: Request, res: Response): boolean {
  const own = Object.create(req) as Request
  let traced = false
  const look: RequestHandler = (given, _res, next) => {
    traced = next !== given.next
  }
  express.Router().use(look)(own, res, () => undefined)
  return traced
}

function misplaced({ route, method }: Request): GeetestError {
  const { path } = (route ?? {}) as { path?: unknown }
  const where = typeof path === 'string' ? `${method} ${path}` : 'a route'
  return withoutStack(
    GeetestError.setup(
      'guard_not_called',
      `the captcha itself stands in ${where} where a guard belongs, and would let everybody through; ` +
        "write app.use(captcha) once, and app.post('/login', captcha.validate(), login)",
    ),
  )
}

const notMiddleware = (): GeetestError =>
  GeetestError.setup(
    'guard_not_called',
    "captcha() was called without a request; write app.use(captcha), and app.post('/login', captcha.validate(), login)",
  )
