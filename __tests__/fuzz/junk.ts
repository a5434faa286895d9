import * as fc from 'fast-check'

const NAMES = [
  'Accept',
  'Content-Type',
  'Content-Encoding',
  'Content-Language',
  'Connection',
  'Range',
  'If-None-Match',
  'If-Modified-Since',
  'If-Match',
  'Origin',
  'Referer',
  'User-Agent',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-HTTP-Method-Override',
  'X-Requested-With',
  'X-Geetest-Offline',
  '__proto__',
  'constructor',
]
const VALUES = [
  '',
  '*/*',
  'application/json',
  'application/json; charset=utf-16',
  'application/json; charset=klingon',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'text/plain',
  'gzip',
  'br',
  'deflate',
  'identity, gzip',
  'close',
  'bytes=0-0',
  'bytes=99999999-',
  'bytes=5-1,x',
  'W/"x"',
  '*',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'null',
  '127.0.0.1',
  '203.0.113.7, ::1, unknown',
  '2001:db8::1%eth0',
  'Mozilla/5.0 (iPhone) Mobile',
  'a'.repeat(4000),
]

/** Mostly none, so that an honest request stays one. Values keep to what a client can send at all; the rest is `raw`. */
export const anyHeaders = (): fc.Arbitrary<[string, string][]> =>
  fc.oneof(
    { weight: 27, arbitrary: fc.constant<[string, string][]>([]) },
    // What a browser says on plain http of a page without referrer.
    { weight: 1, arbitrary: fc.constant<[string, string][]>([['Origin', 'null']]) },
    {
      weight: 3,
      arbitrary: fc.array(
        fc.tuple(
          fc.constantFrom(...NAMES),
          fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: fc.integer({ min: 32, max: 255 }).map(letter) })),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    },
  )
const letter = (code: number): string => (code === 127 ? ' ' : String.fromCharCode(code))

export const anyMethod = (): fc.Arbitrary<string> =>
  fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'M-SEARCH')

const PATHS = [
  '/getcaptcha',
  '/validate',
  '/gt.js',
  '/gt-offline.js',
  '/gt4.js',
  '/gt4-form.js',
  '/gt4-offline.js',
  '/geetest-form.js',
  '/login',
  '/other/getcaptcha',
  '/other/gt.js',
  '/other/gt4.js',
  '/comment',
  '/other',
  '/',
]
const TAILS = ['', '', '', '/', '/..', '//', '%00', '%zz', '%2e%2e', ';x', '/x', '.map', '\\']
const QUERIES = [
  '',
  '',
  '?',
  '?v=0.1.0',
  '?v[]=1',
  '?v[__proto__]=x',
  '?callback=alert(1)',
  '?t=1&t=2',
  '?geetest_challenge=x&geetest_validate=y&geetest_seccode=z',
  '?lot_number=x&captcha_output=y&pass_token=z&gen_time=1',
  '?gt_server_status=0&offline=1',
  '?%ff=%zz&&=&',
  `?${'a[b]'.repeat(300)}=1`,
]
export const anyPath = (): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...PATHS), fc.constantFrom(...TAILS), fc.constantFrom(...QUERIES))
        .map((parts) => parts.join('')),
    },
    {
      weight: 1,
      arbitrary: fc
        .string({ unit: fc.integer({ min: 33, max: 255 }).map(letter), maxLength: 40 })
        .map((text) => `/${text.replaceAll(' ', '')}`),
    },
  )
