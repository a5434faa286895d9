import { isIPv4 } from 'node:net'
import { networksOf } from '../network'
import type { Places } from './counters'

/** By what a visitor is told from others. */
export interface Visitor {
  readonly address: string | undefined
  /** Hash of the session id. */
  readonly session: string
}

/** A visitor's places in the counters. */
export interface Standpoint extends Places {
  /** Whether there is an address. Strangers share nothing with those who have one. */
  readonly known: boolean
  /** Whether the first of its own places is one host among strangers, as an IPv4 address is in its /24. */
  readonly amongStrangers: boolean
}

/**
 * An address and, of IPv6, all that one customer may have, each have a limit; the widest takes part in sharing. A /24 of IPv4 has many
 * customers, so it has no limit but its share.
 */
export function standpointOf({ address, session }: Visitor): Standpoint {
  const networks = networksOf(address)
  const [narrowest] = networks
  if (narrowest === undefined) return { own: [session], shared: 'all', known: false, amongStrangers: false }
  const shared = String(networks.at(-1))
  if (isIPv4(narrowest)) return { own: [narrowest], shared, known: true, amongStrangers: true }
  return { own: networks, shared, known: true, amongStrangers: false }
}
