import type { Geetest } from '../../../index'

/** What a router of Express holds, as far as both majors agree on it. */
interface Layer {
  readonly handle?: unknown
  readonly name?: string
  readonly method?: string
  readonly route?: { readonly path: unknown; readonly stack: readonly Layer[] }
}

/** The plugin's instances in an app, and the routes behind a guard. */
export interface Routes {
  readonly captchas: readonly Geetest[]
  readonly guards: readonly string[]
  /** Routes where the plugin itself stands, and no guard: they are open. */
  readonly open: readonly string[]
  /** Routes whose last handler is the guard, with handlers of the site's before it: those ask nobody anything. */
  readonly before: readonly string[]
}

/** The name of the guard's own function. */
const GUARD = 'geetestGuard'

export function isCaptcha(value: unknown): value is Geetest {
  if (typeof value !== 'function') return false
  const given = value as Partial<Record<keyof Geetest, unknown>>
  return [given.validate, given.verify, given.issue, given.force].every((member) => typeof member === 'function')
}

/** Walks an app and the routers in it. What was mounted as an app of its own is out of sight. */
export function explore(app: unknown): Routes {
  const captchas = new Set<Geetest>()
  const guards = new Set<string>()
  const open = new Set<string>()
  const before = new Set<string>()
  const look = (route: NonNullable<Layer['route']>): void => {
    const found = route.stack.filter(isGuard).map(nameIn(route))
    for (const guard of found) guards.add(guard)
    const last = route.stack.at(-1)
    if (last !== undefined && isGuard(last) && !route.stack.every(isGuard)) before.add(nameIn(route)(last))
    const plugins = route.stack.filter(({ handle }) => isCaptcha(handle))
    for (const { handle } of plugins) captchas.add(handle as Geetest)
    if (found.length === 0) for (const name of plugins.map(nameIn(route))) open.add(name)
  }
  const walk = (layers: readonly Layer[]): void => {
    for (const layer of layers) {
      const { handle, route } = layer
      if (isCaptcha(handle)) captchas.add(handle)
      else if (isGuard(layer)) guards.add('app.use')
      if (route) look(route)
      walk(stackOf(handle))
    }
  }
  walk(stackOf(app))
  return { captchas: [...captchas], guards: [...guards], open: [...open], before: [...before] }
}

const isGuard = ({ handle, name }: Layer): boolean =>
  name === GUARD || (handle as { name?: string } | undefined)?.name === GUARD

const nameIn =
  ({ path }: NonNullable<Layer['route']>) =>
  ({ method = 'all' }: Layer): string =>
    `${method.toUpperCase()} ${String(path)}`

/** An app keeps its router behind `_router` in Express 4, where `router` throws, and behind `router` in 5. */
function stackOf(holder: unknown): readonly Layer[] {
  if (typeof holder !== 'function') return []
  const { _router, stack } = holder as { _router?: unknown; stack?: unknown }
  if (Array.isArray(stack)) return stack as Layer[]
  if (_router !== undefined) return stackOf(_router)
  return 'set' in holder && 'router' in holder ? stackOf(readRouter(holder)) : []
}

function readRouter(app: { readonly router: unknown }): unknown {
  try {
    return app.router
  } catch {
    // Express 4 without any route.
    return undefined
  }
}
