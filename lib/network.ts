import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** An address as one customer has it: an IPv6 host may use any of 2^64. `unknown` for what is no address. */
export function networkOf(address = ''): string {
  // What most addresses are is not worth parsing.
  if (isIPv4(address)) return address
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv6' ? parsed.toNormalizedString().split(':').slice(0, 4).join(':') : parsed.toString()
}
