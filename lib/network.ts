import { isIPv4, isIPv6 } from 'node:net'
import ipaddr, { type IPv6 } from 'ipaddr.js'

/** No address with its port, brackets and zone is longer. */
const LONGEST = 100

/** `[address]` and `[address]:port`; `address:port` of IPv4. A bare IPv6 address has no port: its last group would be one. */
const BRACKETED = /^\[([^\]]+)\](?::\d{1,5})?$/
const WITH_PORT = /^([\d.]+):\d{1,5}$/

/**
 * The address in what a proxy or a socket says: without a port, brackets or the zone of a link. `undefined` for what holds none, such as
 * `unknown`, a unix socket's empty text, or a number that only some programs take for an address.
 */
export function parseAddress(text = ''): string | undefined {
  // What most addresses are is not worth more.
  if (isIPv4(text)) return text
  if (text.length > LONGEST) return undefined
  const trimmed = text.trim()
  const bare = BRACKETED.exec(trimmed)?.[1] ?? WITH_PORT.exec(trimmed)?.[1] ?? trimmed
  if (isIPv4(bare)) return bare
  return isIPv6(bare) ? bare.replace(/%.*$/, '') : undefined
}

/**
 * The networks that an address belongs to, the narrowest first: an IPv4 address and its /24; of IPv6 the /64, the /56 and the /48,
 * because one customer may have any of them. What carries an IPv4 address within (mapped, translated, NAT64, 6to4, Teredo) belongs to
 * that one's. Empty for what is no address: strangers share nothing.
 */
export function networksOf(text?: string): readonly string[] {
  const address = parseAddress(text)
  if (address === undefined) return []
  if (isIPv4(address)) return ofIPv4(address)
  const bytes = bytesOf(address)
  const within = ipv4Within(bytes)
  if (within !== undefined) return ofIPv4(within)
  if (isHostOfItsOwn(bytes)) return [`${Buffer.from(bytes).toString('hex')}/128`]
  const [first, second, third, fourth] = groupsOf(bytes)
  const slash48 = [first, second, third].map(hex).join(':')
  return [`${slash48}:${hex(fourth)}`, `${slash48}:${hex(fourth >> 8)}/56`, `${slash48}/48`]
}

/**
 * An address as one customer has it: an IPv6 host may use any of 2^64, so that it is its first four groups. `unknown` for what is no
 * address.
 */
export const networkOf = (text = ''): string => (isIPv4(text) ? text : (networksOf(text)[0] ?? 'unknown'))

const bytesOf = (address: string): readonly number[] => (ipaddr.parse(address) as IPv6).toByteArray()
const hex = (group: number): string => group.toString(16)

/** The first four groups of 16 bits, which are the /64. */
function groupsOf(bytes: readonly number[]): readonly [number, number, number, number] {
  const group = (i: number): number => Number(bytes[2 * i]) * 256 + Number(bytes[2 * i + 1])
  return [group(0), group(1), group(2), group(3)]
}

const ofIPv4 = (address: string): readonly string[] => [address, `${address.slice(0, address.lastIndexOf('.'))}.0/24`]

const isAt = (bytes: readonly number[], at: number, wanted: readonly number[]): boolean =>
  wanted.every((byte, i) => bytes[at + i] === byte)

const zeros = (length: number): readonly number[] => Array<number>(length).fill(0)

/** What each prefix stands for, and where the IPv4 address is in what follows. */
const CARRIERS: readonly { readonly prefix: readonly number[]; readonly at: number; readonly inverted?: true }[] = [
  // ::ffff:0:0/96, IPv4-mapped (RFC 4291): what a socket for both protocols says.
  { prefix: [...zeros(10), 0xff, 0xff], at: 12 },
  // ::ffff:0:0:0/96, IPv4-translated (RFC 7915).
  { prefix: [...zeros(8), 0xff, 0xff, 0, 0], at: 12 },
  // 64:ff9b::/96, the translators' well-known prefix (RFC 6052): all of IPv4 in one /64.
  { prefix: [0, 0x64, 0xff, 0x9b, ...zeros(8)], at: 12 },
  // 2002::/16, 6to4 (RFC 3056): the router's own address.
  { prefix: [0x20, 0x02], at: 2 },
  // 2001::/32, Teredo (RFC 4380): the client's address, every bit of it inverted.
  { prefix: [0x20, 0x01, 0, 0], at: 12, inverted: true },
]

/** 64:ff9b:1::/48, for translators of one network (RFC 8215), which choose where in it the address is. */
const LOCAL_NAT64 = [0, 0x64, 0xff, 0x9b, 0, 1]
/** fe80::/10: whoever is on the same link. */
const isLinkLocal = ([first = 0, second = 0]: readonly number[]): boolean => first === 0xfe && second >> 6 === 2

function ipv4Within(bytes: readonly number[]): string | undefined {
  const carrier = CARRIERS.find(({ prefix }) => isAt(bytes, 0, prefix))
  if (carrier !== undefined) return dotted(bytes.slice(carrier.at, carrier.at + 4), carrier.inverted)
  // At the very end, where almost everybody has it; where its place ends sooner, zeros follow.
  if (isAt(bytes, 0, LOCAL_NAT64) && !isAt(bytes, 13, zeros(3))) return dotted(bytes.slice(12))
  return undefined
}

const dotted = (bytes: readonly number[], inverted?: true): string =>
  bytes.map((byte) => (inverted ? byte ^ 0xff : byte)).join('.')

/** Each of these is one host, and its neighbours are others: what cannot be told apart further is at least not thrown together. */
const isHostOfItsOwn = (bytes: readonly number[]): boolean => isLinkLocal(bytes) || isAt(bytes, 0, LOCAL_NAT64)
