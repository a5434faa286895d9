import { networkOf, networksOf, parseAddress } from '../../lib/network'

const OF_ITS_OWN = ['192.0.2.7', '192.0.2.0/24']

describe('the networks of an address', () => {
  test('are the address and its /24 in IPv4', () => {
    expect(networksOf('192.0.2.7')).toEqual(OF_ITS_OWN)
  })

  test('are the /64, the /56 and the /48 in IPv6', () => {
    const [narrow, middle, wide] = networksOf('2001:db8:1:203::4')
    expect([narrow, middle, wide]).toEqual(['2001:db8:1:203', '2001:db8:1:2/56', '2001:db8:1/48'])
  })

  test.each([
    ['IPv4-mapped', '::ffff:192.0.2.7'],
    ['IPv4-mapped, in hex and capitals', '::FFFF:C000:207'],
    ['IPv4-mapped, written out', '0:0:0:0:0:ffff:c000:0207'],
    ['IPv4-translated', '::ffff:0:192.0.2.7'],
    ['NAT64', '64:ff9b::192.0.2.7'],
    ['NAT64, in hex', '64:ff9b::c000:207'],
    ['NAT64 of one network, at its start', '64:ff9b:1::192.0.2.7'],
    ['NAT64 of one network, anywhere in it', '64:ff9b:1:fffe:1:2:c000:207'],
    ['6to4', '2002:c000:207:1::5'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdf8'],
    ['with a port', '192.0.2.7:51234'],
    ['mapped, in brackets and with a port', '[::ffff:192.0.2.7]:443'],
  ])('are those of the IPv4 address that is within: %s', (_, text) => {
    expect(networksOf(text)).toEqual(OF_ITS_OWN)
  })

  test.each(['[2001:db8::1]', '[2001:db8::1]:51234', '2001:db8::1%eth0', '[2001:db8::1%25en0]:80', ' 2001:DB8::1 '])(
    'do not depend on how %p is written',
    (text) => {
      expect(networksOf(text)).toEqual(networksOf('2001:db8::1'))
    },
  )

  test('are the host alone on a link, whatever the link is called', () => {
    expect(networksOf('fe80::1%eth0')).toEqual(networksOf('fe80::1'))
    expect(networksOf('fe80::1')).not.toEqual(networksOf('fe80::2'))
    expect(networksOf('fe80::1')).toHaveLength(1)
  })

  test('are the host alone where a translator keeps the address in a place of its own', () => {
    // 192.0.2.7 and 192.0.2.8 within 64:ff9b:1::/48, as RFC 6052 says for a prefix of 48 bits.
    const [one, other] = ['64:ff9b:1:c000:2:700::', '64:ff9b:1:c000:2:800::'].map((text) => networksOf(text))
    expect(one).not.toEqual(other)
  })

  test.each([
    '',
    'unknown',
    '_hidden',
    '127.1',
    '0x7f000001',
    '2130706433',
    '010.0.0.1',
    '256.0.0.1',
    '192.0.2.7:port',
    '[192.0.2.7',
    '2001:db8::1::2',
    '/run/site.sock',
    '1'.repeat(200),
  ])('are none for %p', (text) => {
    expect(networksOf(text)).toEqual([])
    expect(networkOf(text)).toBe('unknown')
    expect(parseAddress(text)).toBeUndefined()
  })

  test('are none for no text', () => {
    expect(networksOf()).toEqual([])
    expect(networkOf()).toBe('unknown')
  })
})

test.each([
  ['192.0.2.7:51234', '192.0.2.7'],
  ['[2001:db8::1]:51234', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
])('the address in %p is %p', (text, address) => {
  expect(parseAddress(text)).toBe(address)
})
