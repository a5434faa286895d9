import { json, text, type CloudReply } from './near'

/** A yes of version 4 about that lot, with what is said beside it or instead. */
const yes = (lot: string, said: object = {}): object => ({
  status: 'success',
  result: 'success',
  reason: '',
  captcha_args: { used_type: 'slide', lot_number: lot },
  ...said,
})
const says = (said: object) => (lot: string) => json(yes(lot, said))
const status = (code: number) => (lot: string) => json(yes(lot), code)

/** Almost a yes to that lot: none of them is one. */
export const NEAR_MISSES_V4 = {
  'in capitals': says({ result: 'SUCCESS' }),
  truncated: says({ result: 'succes' }),
  'a line break behind it': says({ result: 'success\n' }),
  'a blank before it': says({ result: ' success' }),
  'in an array': says({ result: ['success'] }),
  'an object with toString': says({ result: { toString: 'success', length: 7 } }),
  true: says({ result: true }),
  one: says({ result: 1 }),
  null: says({ result: null }),
  'no result': says({ result: undefined }),
  'another name': says({ result: undefined, RESULT: 'success', seccode: 'success' }),
  'a status in capitals': says({ status: 'SUCCESS' }),
  'a status of null': says({ status: null }),
  'a failure': says({ result: 'fail', reason: 'pass_token error' }),
  'a failure of a reason that is none': says({ result: 'fail', reason: { toString: 'x' } }),
  'an error about the answer': says({ status: 'error', code: '-50303' }),
  'an error about the captcha id': says({ status: 'error', code: '-50103' }),
  'an error of its own': says({ status: 'error', code: -50000 }),
  'an error on no list': says({ status: 'error', code: '__proto__' }),
  'about another lot': says({ captcha_args: { lot_number: '0'.repeat(32) } }),
  'about a longer lot': (lot) => json(yes(`${lot}0`)),
  'about several lots': (lot) => json(yes(lot, { captcha_args: { lot_number: [lot] } })),
  'about the lot in capitals': (lot) => json(yes(`${lot.toUpperCase()}${/[a-f]/.test(lot) ? '' : 'X'}`)),
  'about nothing': says({ captcha_args: {} }),
  'without status and lot': says({ status: undefined, captcha_args: undefined }),
  nested: (lot) => json({ data: yes(lot) }),
  'under the prototype': (lot) => text(`{"__proto__":${JSON.stringify(yes(lot))}}`),
  'an array': (lot) => json([yes(lot)]),
  'a JSON string': (lot) => json(JSON.stringify(yes(lot))),
  'revoked in the same breath': (lot) => text(JSON.stringify(yes(lot)).replace(/}$/, ',"result":"fail"}')),
  'by JSONP': (lot) => text(`geetest_1(${JSON.stringify(yes(lot))})`),
  'a bare success': () => text('success'),
  'a bare true': () => text('true'),
  nothing: () => text(''),
  'an empty object': () => json({}),
  'broken JSON': (lot) => text(JSON.stringify(yes(lot)).slice(0, -1)),
  'status 201': status(201),
  'status 206': status(206),
  'status 302': (lot) => ({ ...json(yes(lot), 302), headers: { Location: '/elsewhere' } }),
  'status 404': status(404),
  'status 500': status(500),
  'said to be gzip': (lot) => ({ ...json(yes(lot)), headers: { 'Content-Encoding': 'gzip' } }),
} satisfies Record<string, (lot: string) => CloudReply>

export type NearMissV4 = keyof typeof NEAR_MISSES_V4
