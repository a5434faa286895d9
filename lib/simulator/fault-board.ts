import { endpoints, faults, type Endpoint, type Fault } from './faults'

/** What only a verdict can get wrong: any other 32 digits of register.php are a challenge like the right ones. */
const OF_VERDICTS: ReadonlySet<string> = new Set<Fault>(['wrong-digest', 'uppercase'])
const VERDICTS: readonly Endpoint[] = ['validate', 'validate4']

/** Where and how long a fault holds. */
export interface FaultOptions {
  /** One endpoint. Default: every endpoint but `static`, the scripts, which come from other hosts in the real cloud. */
  readonly endpoint?: Endpoint
  /** For that many calls. Default: until it is switched off. */
  readonly calls?: number
  /** How late a `slow` answer is, in milliseconds. Default 3000. */
  readonly delay?: number
  /** Which error of version 4 an `error-code` is. Default `-50000`; five digits behind a minus. */
  readonly code?: string
  /** What the Retry-After of a `429` says: seconds, or a date as HTTP writes it. Default 1. */
  readonly retryAfter?: number | string
}

/** A fault as it is set; its `left` counts down. */
export interface ActiveFault {
  readonly kind: Fault
  readonly delay: number
  readonly code: string
  readonly retryAfter: string
  left: number
}

const everywhere = (kind: string): readonly Endpoint[] =>
  OF_VERDICTS.has(kind) ? VERDICTS : endpoints.filter((name) => name !== 'static')

/** The faults that are set at the moment; the last one set for an endpoint holds. */
export function createFaultBoard() {
  const board = new Map<Endpoint, ActiveFault>()
  return {
    set(kind: Fault | 'none', options: FaultOptions): void {
      const { endpoint, calls = Infinity, delay = 3000, code = '-50000', retryAfter = 1 } = options
      checkFault(kind, endpoint, calls, code)
      const where = endpoint === undefined ? everywhere(kind) : [endpoint]
      if (kind === 'none') return where.forEach((name) => board.delete(name))
      const fault = { kind, delay, code, retryAfter: String(retryAfter), left: calls }
      for (const name of where) board.set(name, fault)
    },
    /** The fault that this call meets, if any. Calls for several endpoints share one count. */
    meet(endpoint: Endpoint): ActiveFault | undefined {
      const fault = board.get(endpoint)
      if (fault === undefined || fault.left === 0) return undefined
      fault.left -= 1
      return fault
    },
  }
}

function complain(what: string, allowed: readonly string[]): never {
  throw new RangeError(`simulator.fault: ${what}; write one of ${allowed.join(', ')}`)
}

function checkFault(kind: string, endpoint: string | undefined, calls: number, code: string): void {
  if (kind !== 'none' && !faults.includes(kind as Fault)) complain(`there is no fault "${kind}"`, ['none', ...faults])
  if (endpoint !== undefined && !endpoints.includes(endpoint as Endpoint)) {
    complain(`there is no endpoint "${endpoint}"`, endpoints)
  }
  if (OF_VERDICTS.has(kind) && endpoint !== undefined && !VERDICTS.includes(endpoint as Endpoint)) {
    complain(`"${kind}" at endpoint "${endpoint}" would be a right answer`, VERDICTS)
  }
  if (calls !== Infinity && !(Number.isSafeInteger(calls) && calls > 0)) {
    throw new RangeError(`simulator.fault: calls is ${calls}; write a whole number from 1, or leave it out`)
  }
  if (!/^-\d{5}$/.test(code)) {
    throw new RangeError(
      `simulator.fault: code is ${JSON.stringify(code)}; write one of the vendor's, such as '-50103'`,
    )
  }
}
