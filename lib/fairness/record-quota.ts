import { networkOf } from '../network'
import { NetworkTree, type NetworkNode } from '../network-tree'

/** Who may leave how many tickets in a store. */
export interface RecordQuota {
  /** Counts one more, or answers for how many seconds there is no room for it. */
  admit(address: string | undefined): number | undefined
}

export interface RecordQuotaParts {
  /** Most that are left within ten minutes. */
  readonly limit: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** For how long a ticket counts: as long as it may be answered. */
const WINDOW_MS = 600_000
/** A network may hold this part of what is left: a quiet site leaves it plenty, and many who take much leave each other little. */
const PART = 1 / 8
/** So many any network may hold while there is room at all. */
const LEAST = 20
/** Nobody is sent away for longer. */
const MOST_SECONDS = 60
/** Counts that are over are cut off when they are at least so many, and half of all. */
const CUT = 1024

/**
 * Bounds what visitors leave in a store within ten minutes, and shares it out fairly among networks, at every level of them: to fill
 * what is left, an attacker needs as many networks as there are shares. Taken or not counts the same, since a mark stays.
 */
export function createRecordQuota({ limit, now }: RecordQuotaParts): RecordQuota {
  const networks = new NetworkTree()
  /** From the oldest to the newest: whose it is, where that is known, and until when it counts. */
  let nodes: (NetworkNode<never> | undefined)[] = []
  let ends: number[] = []
  let over = 0

  function forget(): void {
    const time = now()
    // What stands in the future after a clock was set back must not count for ever.
    while (over < ends.length && (Number(ends[over]) <= time || Number(ends[over]) > time + WINDOW_MS)) {
      const node = nodes[over]
      if (node) networks.remove(node)
      over += 1
    }
    if (over < CUT || over * 2 < ends.length) return
    nodes = nodes.slice(over)
    ends = ends.slice(over)
    over = 0
  }

  /** Strangers share nothing but what there is in all. */
  const whose = (address: string | undefined): string | undefined => {
    const network = networkOf(address)
    return network === 'unknown' ? undefined : network
  }

  return {
    admit(address) {
      forget()
      const held = ends.length - over
      const network = whose(address)
      const most = Math.max(LEAST, (limit - held) * PART)
      const tooMany = network !== undefined && networks.held(network).some((count) => count >= most)
      if (held >= limit || tooMany) {
        const seconds = Math.ceil((Number(ends[over]) - now()) / 1000)
        return Math.min(MOST_SECONDS, Math.max(1, seconds))
      }
      nodes.push(network === undefined ? undefined : networks.add(network))
      ends.push(now() + WINDOW_MS)
      return undefined
    },
  }
}
