import { networksOf } from '../network'
import { Crowd, Waiter, type Network } from './crowd'
import { createLately } from './lately'
import type { Pace } from './pace'

/** Who asks for a call. */
export interface Caller {
  /** As the site sees it. */
  readonly address: string | undefined
  /** Hash of the session's id: all that tells one caller without an address from another. */
  readonly session: string
}

/** What the plugin asks for by itself, for visitors to come: it gives way to those who are there. */
export const OWN = 'own'

/** The call was not made: too many others are under way or wait, and it was not this caller's turn in time. */
export const REFUSED = { cause: 'busy', retryAfter: 1000 } as const

/** Shares out calls to the cloud of one kind. */
export interface CallGate {
  /**
   * Makes the call when it is this caller's turn: at once while there is enough. A call that the cloud has refused for being one too many
   * is made again while there is time.
   */
  run<Reply extends object>(caller: Caller | typeof OWN, call: () => Promise<Reply>): Promise<Reply | typeof REFUSED>
}

export interface CallGateParts {
  /** Most calls under way at once. */
  readonly places: number
  /** Milliseconds that a caller may wait. */
  readonly timeout: number
  readonly pace: Pace
  /** For how many milliseconds the cloud asks to be left alone, where that reply says that it gets too many calls; 0 where it asks for nothing. */
  readonly throttledFor: (reply: object) => number | undefined
  readonly now: () => number
  readonly later: (ms: number, act: () => void) => () => void
  /** A visitor had to wait so many milliseconds, and was refused or not. */
  readonly onWait: (ms: number, refused: boolean) => void
}

/** Most calls that wait at once; of one widest network half as many. */
const MOST_WAITING = 1024
/** What a network had is remembered for so many milliseconds, and at most twice as many: whoever comes again and again is no newcomer. */
const REMEMBERED_MS = 30_000
/** Networks remembered in each half of that. */
const MOST_REMEMBERED = 10_000

/**
 * All without an address are one network: no more of them get through than of any other, and none can get around the sharing by hiding.
 * Among themselves they are told apart by their sessions.
 */
const UNKNOWN = 'unknown'

/** The networks of a caller, the widest first. */
function pathOf(caller: Caller | typeof OWN): readonly string[] {
  if (caller === OWN) return [OWN]
  const networks = networksOf(caller.address)
  return networks.length === 0 ? [UNKNOWN, `session:${caller.session}`] : networks.toReversed()
}

/** A call under way. */
interface UnderWay {
  readonly caller: Caller | typeof OWN
  /** Where it is counted; not before it matters. */
  network: Network | undefined
}

/**
 * Shares calls out among networks. A widest network (/48, or /24 of IPv4) may hold as many as are free: alone half of all, beside another
 * one a third, so that there is one for whoever comes new (dynamic threshold). Whoever may not begin waits; where too many do, the newest of whoever
 * asks for the most is refused. When a call ends, whichever network holds the least goes first, of those the one that had the least lately,
 * and within it the same again.
 */
export function createCallGate(parts: CallGateParts): CallGate {
  const { places, timeout, pace, throttledFor, now, later, onWait } = parts
  const crowd = new Crowd(createLately({ now, span: REMEMBERED_MS, most: MOST_REMEMBERED }))
  const uncounted = new Set<UnderWay>()
  let arrivals = 0
  pace.onReady(drain)

  /** Calls are short: somebody waits, or the cloud takes no more. What a network gets then is remembered. */
  const isShort = (): boolean => crowd.waiting > 0 || pace.limit() !== undefined
  /** Nobody can hold more than is free while less than half is under way. So nobody needs to know who holds what. */
  const isQuiet = (): boolean => !isShort() && uncounted.size + crowd.held < places / 2
  const hasRoom = (network: Network): boolean => crowd.heldAround(network) < places - crowd.held

  function count(call: UnderWay): void {
    call.network = crowd.find(pathOf(call.caller), call.caller === OWN)
    crowd.begin(call.network)
  }

  /** Finds whose share it is, and with it who holds what. */
  function find(caller: Caller | typeof OWN): Network {
    uncounted.forEach(count)
    uncounted.clear()
    return crowd.find(pathOf(caller), caller === OWN)
  }

  function begin(network: Network): void {
    crowd.begin(network)
    pace.begin()
  }

  /** Gives what is free to those whose turn it is. */
  function drain(): void {
    for (let due = crowd.due(); due !== undefined; due = crowd.due()) {
      // Nobody else who waits holds less: then there is room for none.
      if (!hasRoom(due.network)) return
      if (pace.wait() > 0) return pace.wake()
      begin(due.network)
      crowd.leave(due)
      due.tell(true)
    }
  }

  function refuse(waiter: Waiter | undefined): void {
    if (waiter === undefined) return
    crowd.leave(waiter)
    crowd.forget(waiter.network)
    waiter.tell(false)
  }

  /** Where too many wait, whoever asks for the most has one less. */
  function bound(network: Network): void {
    if (crowd.waiting > MOST_WAITING) refuse(crowd.newestOfAll())
    const { newest, waiting } = crowd.newestAround(network)
    if (waiting > MOST_WAITING / 2) refuse(newest)
  }

  function queue(network: Network, since: number, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiter = new Waiter(network, since, (begins) => {
        cancel()
        resolve(begins)
      })
      const cancel = later(ms, () => refuse(waiter))
      crowd.join(waiter)
      bound(network)
      drain()
    })
  }

  /**
   * @param since whose arrival it was: a call that is made again keeps its turn. @param ms for which it may wait
   * @returns the call that has begun; `undefined` where its turn does not come
   */
  async function enter(caller: Caller | typeof OWN, since: number, ms: number): Promise<UnderWay | undefined> {
    const network = find(caller)
    const isFree = crowd.waiting === 0 && hasRoom(network) && pace.wait() === 0
    if (isFree) begin(network)
    return isFree || (await queue(network, since, ms)) ? { caller, network } : undefined
  }

  function enterUncounted(caller: Caller | typeof OWN): UnderWay {
    const call: UnderWay = { caller, network: undefined }
    uncounted.add(call)
    return call
  }

  function end(call: UnderWay, served: boolean): void {
    const { network } = call
    if (network === undefined) return void uncounted.delete(call)
    crowd.end(network, served && isShort())
    crowd.forget(network)
    drain()
  }

  /** @returns what came, and whether the cloud would not look at it now */
  async function make<Reply extends object>(underWay: UnderWay, call: () => Promise<Reply>) {
    const begun = now()
    let pause: number | undefined
    try {
      const reply = await call()
      pause = throttledFor(reply)
      if (pause === undefined) pace.served()
      else pace.throttled(begun, pause)
      return { reply, again: pause !== undefined }
    } finally {
      end(underWay, pause === undefined)
    }
  }

  return {
    async run<Reply extends object>(caller: Caller | typeof OWN, call: () => Promise<Reply>) {
      const since = (arrivals += 1)
      const arrived = now()
      let reply: Reply | typeof REFUSED = REFUSED
      let waited = 0
      const told = (refused: boolean): void => {
        if (caller !== OWN && (refused || waited > 0)) onWait(waited, refused)
      }
      for (let left = timeout; left > 0; left = Math.min(timeout, arrived + timeout - now())) {
        const asked = now()
        const underWay = isQuiet() ? enterUncounted(caller) : await enter(caller, since, left)
        waited += Math.max(0, now() - asked)
        if (underWay === undefined) {
          told(true)
          return reply
        }
        const made = await make(underWay, call)
        reply = made.reply
        if (!made.again) break
      }
      told(false)
      return reply
    },
  }
}
