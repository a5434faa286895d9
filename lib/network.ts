import { isIPv4 } from 'node:net'
import ipaddr, { type IPv6 } from 'ipaddr.js'

/**
 * The networks that an address belongs to, the narrowest first: an IPv4 address and its /24; of IPv6 the /64, the /56 and the /48,
 * because one customer may have any of them. Empty for what is no address: strangers share nothing.
 */
export function networksOf(address = ''): readonly string[] {
  if (isIPv4(address)) return [address, slash24(address)]
  if (!ipaddr.isValid(address)) return []
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return [parsed.toString(), slash24(parsed.toString())]
  const bytes = (parsed as IPv6).toByteArray()
  return [8, 7, 6].map((length) => `${Buffer.from(bytes.slice(0, length)).toString('hex')}/${length * 8}`)
}

const slash24 = (address: string): string => `${address.slice(0, address.lastIndexOf('.'))}.0/24`

/** An address as one customer has it: an IPv6 host may use any of 2^64. `unknown` for what is no address. */
export function networkOf(address = ''): string {
  // What most addresses are is not worth parsing.
  if (isIPv4(address)) return address
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv6' ? parsed.toNormalizedString().split(':').slice(0, 4).join(':') : parsed.toString()
}
