import type { Calendar, Part } from './calendar'
import type { Asked, Reply } from './crowd/browser'
import type { Offend } from './offences'
import type { Act, Tally } from './tally'

/** The 503s that may be, each while that part was out of order; `session_store` is the site's own word. */
const EXCUSES: Readonly<Record<string, Part>> = {
  unavailable: 'cloud',
  store_error: 'store',
  session_store: 'store',
}

export interface Inspection {
  readonly inspect: (asked: Asked, reply: Reply) => void
  /** Milliseconds after Redis was back, at most, at which somebody still asked in vain. */
  readonly slowestRecovery: number
}

/** Holds every single reply against what no request may be answered with, whatever is broken. */
export function createInspection(calendar: Calendar, tally: Tally, offend: Offend): Inspection {
  let slowestRecovery = 0

  /** How long Redis had been back when this was asked; 0 if it was away at some time until this was answered. */
  function sinceBack({ begun, ended }: Reply): number {
    const before = calendar.disturbances.filter(({ part, begun: broken }) => part === 'store' && broken <= ended)
    const last = Math.max(...before.map((one) => one.ended))
    return before.length > 0 ? Math.max(begun - last, 0) : 0
  }

  function inspectFailure(what: string, reply: Reply): void {
    const { status, outcome, begun, ended } = reply
    const excuse = EXCUSES[outcome]
    if (excuse === undefined || (status !== 503 && outcome !== 'unavailable')) return offend('no code, or no 503', what)
    if (!calendar.touching(begun, ended).has(excuse)) offend('503 while healthy', what)
    if (excuse === 'store') slowestRecovery = Math.max(slowestRecovery, sinceBack(reply))
  }

  return {
    get slowestRecovery() {
      return slowestRecovery
    },
    inspect({ method, path }, reply) {
      const { status, outcome, begun, ended, node } = reply
      tally.requests += 1
      const what = `${method} ${path} at node ${node}: ${status} ${outcome} after ${ended - begun} ms`
      if (outcome === 'killed') return
      tally.time(actOf(path), calendar.touching(begun, ended).size === 0, ended - begun)
      if (outcome === 'connection') offend('connection broken by nobody', what)
      else if (outcome === 'no reply') offend('no reply', what)
      else if (status >= 500 || outcome === 'unavailable' || !/^[a-z_]+$/.test(outcome)) inspectFailure(what, reply)
    },
  }
}

function actOf(path: string): Act {
  if (path.endsWith('/validate')) return 'validate'
  return path.endsWith('/getcaptcha') || path === '/' ? 'getcaptcha' : 'guarded'
}
