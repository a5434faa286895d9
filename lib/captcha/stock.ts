import { isLost, type Cloud, type Endpoint } from '../cloud'
import type { Outage } from '../outage'
import { createDemand } from './demand'
import { TICKET_MS } from './issue'
import { tellOutage } from './tell-outage'

/** A challenge that the cloud has registered and nobody was given. */
export interface Spare {
  readonly challenge: string
  /** When it was asked for, in ms since 1970: not after the cloud began to count its ten minutes. */
  readonly registered: number
}

/** Challenges that are registered before anybody asks. */
export interface Stock {
  /** Notes that somebody asks, and gives what nobody else will get; `undefined` where there is none, or the cloud is down. */
  readonly take: () => Spare | undefined
  readonly level: () => number
  /** Told of every change of the cloud's state: nothing that was registered before an outage is issued after it. */
  readonly heed: () => void
  /** Ends refilling, for good. */
  readonly close: () => void
}

export interface StockParts {
  readonly outage: Outage<Endpoint>
  readonly now: () => number
  readonly register: Cloud['register']
  /** Leaves a mark where all nodes see it, for what nobody was given yet; where it cannot, the challenge is not used. Absent: there is no need. */
  readonly reserve?: ((challenge: string, ms: number) => Promise<void>) | undefined
  readonly most: number
  readonly later: (ms: number, act: () => void) => () => void
}

/** Milliseconds that a challenge may lie here: visitors have at least eight of its ten minutes. */
const KEPT_MS = 120_000
/** Calls under way at once. */
const MOST_CALLS = 16
/** Milliseconds of rest after a lost call. What is in stock bridges them. */
const REST_MS = 1000

/**
 * Refills by demand: as many as asked in the last minute, so that a quiet site calls nobody. Each refill is a real call, and the
 * outage hears how it ended.
 */
export function createStock({ most, register, reserve, outage, now, later }: StockParts): Stock {
  const demand = createDemand(most, now)
  let spares: Spare[] = []
  let underWay = 0
  /** The last call was lost: one at a time, until one is answered. */
  let careful = false
  let cancelRest: (() => void) | undefined
  let cancelLook: (() => void) | undefined
  let closed = false

  const isUp = (): boolean => !closed && outage.status.mode === 'up'

  /** Drops what is too old, and everything in an outage: its answers could not be judged. */
  function clear(): void {
    if (!isUp()) spares = []
    while (spares[0] && now() - spares[0].registered >= KEPT_MS) spares.shift()
  }

  /** How many calls may begin now. */
  function places(): number {
    if (cancelRest !== undefined || !isUp()) return 0
    return Math.min(demand.lately() - spares.length, careful ? 1 : MOST_CALLS) - underWay
  }

  function tend(): void {
    clear()
    for (let left = places(); left > 0; left--) void refill()
    cancelLook?.()
    cancelLook = spares[0] && later(spares[0].registered + KEPT_MS - now(), tend)
  }

  async function refill(): Promise<void> {
    const report = outage.observe('register')
    const registered = now()
    underWay += 1
    const reply = await register({})
    tellOutage(report, reply)
    careful = isLost(reply)
    const isUsable = !isLost(reply) && (reserve === undefined || (await isReserved(reply.challenge, reserve)))
    underWay -= 1
    if (isUsable) spares.push({ challenge: reply.challenge, registered })
    else rest()
    tend()
  }

  const isReserved = (challenge: string, mark: NonNullable<StockParts['reserve']>): Promise<boolean> =>
    mark(challenge, TICKET_MS).then(
      () => true,
      () => false,
    )

  function rest(): void {
    if (closed) return
    cancelRest ??= later(REST_MS, () => {
      cancelRest = undefined
      tend()
    })
  }

  return {
    take() {
      demand.note()
      clear()
      const spare = spares.shift()
      tend()
      return spare
    },
    level: () => spares.length,
    heed: tend,
    close() {
      closed = true
      cancelRest?.()
      tend()
    },
  }
}
