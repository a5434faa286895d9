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
  const walk = (layers: readonly Layer[]): void => {
    for (const { handle, route, name } of layers) {
      if (isCaptcha(handle)) captchas.add(handle)
      else if (name === GUARD) guards.add('app.use')
      if (route) for (const guard of guardsOf(route)) guards.add(guard)
      walk(stackOf(handle))
    }
  }
  walk(stackOf(app))
  return { captchas: [...captchas], guards: [...guards] }
}

const guardsOf = ({ path, stack }: NonNullable<Layer['route']>): string[] =>
  stack
    .filter(({ handle, name }) => name === GUARD || (handle as { name?: string } | undefined)?.name === GUARD)
    .map(({ method = 'all' }) => `${method.toUpperCase()} ${String(path)}`)

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
