import type { AnswerV4 } from '../../lib/answer/v4'
import { vendorCodes } from '../../lib/cloud/detail'
import { API_SERVERS_V4, createCloudV4 } from '../../lib/cloud/v4'
import { signLot } from '../../lib/digest'
import { axiosSender } from '../../lib/http'
import { DEFAULT_API_SERVER_V4, isApiServer } from '../../lib/origin'
import { stubCloud } from '../support/stub-cloud'
import { vectors } from '../support/vectors'

const KEYS = { captchaId: '0123456789abcdef0123456789abcdef', privateKey: 'kept-secret' }
const LOT = '4dc3cfc2cdff448cad8d13107198d473'
const ANSWER: AnswerV4 = {
  lotNumber: LOT,
  captchaOutput: 'a-b_c+d/e==',
  passToken: 'f'.repeat(64),
  genTime: '1626664800',
}

async function open() {
  const stub = await stubCloud()
  const cloud = createCloudV4({ ...KEYS, apiServer: stub.url }, axiosSender({}, 2000))
  /** What is made of a reply. */
  const judged = async (body: unknown, status = 200) => {
    stub.reply = { status, body: typeof body === 'string' ? body : JSON.stringify(body) }
    return cloud.validate(ANSWER)
  }
  return { stub, cloud, judged }
}

const ARGS = {
  used_type: 'slide',
  user_ip: '127.0.0.1',
  lot_number: LOT,
  scene: 'login',
  referer: 'http://site.example/',
}
const YES = { status: 'success', result: 'success', reason: '', captcha_args: ARGS }
const NO = { ...YES, result: 'fail' }
const GARBAGE = { cause: 'garbage' }

test.each(vectors.v4_sign_token)('sign_token of $lot_number is that of the vendor', (vector) => {
  expect(signLot(vector.lot_number, vector.captcha_key)).toBe(vector.sign_token)
})

describe('what is sent', () => {
  test('is a form of the four fields and the sign_token, with the captcha id in the address', async () => {
    const { stub, judged } = await open()
    await judged(YES)
    const [sent] = stub.requests
    expect(sent).toMatchObject({ method: 'POST', url: `/validate?captcha_id=${KEYS.captchaId}` })
    expect(Object.fromEntries(new URLSearchParams(sent?.body))).toEqual({
      lot_number: LOT,
      captcha_output: ANSWER.captchaOutput,
      pass_token: ANSWER.passToken,
      gen_time: ANSWER.genTime,
      sign_token: signLot(LOT, KEYS.privateKey),
    })
  })

  test('never holds the key', async () => {
    const { stub, judged } = await open()
    await judged(YES)
    expect(JSON.stringify(stub.requests)).not.toContain(KEYS.privateKey)
  })

  test.each(Object.values(API_SERVERS_V4))('may go to %s, over https', (address) => {
    expect([isApiServer(address), new URL(address).protocol]).toEqual([true, 'https:'])
  })

  test('goes to the vendor’s main address unless another is named', () => {
    expect(DEFAULT_API_SERVER_V4).toBe('https://gcaptcha4.geetest.com')
  })
})

describe('a yes', () => {
  test.each([
    ['as the cloud gives it', YES],
    ['without captcha_args', { ...YES, captcha_args: undefined }],
    ['as the documentation shows it, without a status', { ...YES, status: undefined }],
  ])('%s passes', async (_how, body) => {
    const { judged } = await open()
    expect(await judged(body)).toEqual({ verdict: 'ok' })
  })

  test.each<[string, unknown]>([
    ['about another lot', { ...YES, captcha_args: { ...ARGS, lot_number: 'e'.repeat(32) } }],
    ['about our lot in another spelling', { ...YES, captcha_args: { ...ARGS, lot_number: LOT.toUpperCase() } }],
    ['about a lot that is no text', { ...YES, captcha_args: { ...ARGS, lot_number: [LOT] } }],
    ['with captcha_args that name no lot', { ...YES, captcha_args: {} }],
    ['with captcha_args that are none', { ...YES, captcha_args: null }],
    ['of bare words', { result: 'success' }],
    ['in capitals', { ...YES, result: 'SUCCESS' }],
    ['with a blank', { ...YES, result: 'success ' }],
    ['as a boolean', { ...YES, result: true }],
    ['in a list', { ...YES, result: ['success'] }],
    ['under an unknown status', { ...YES, status: 'ok' }],
    ['under status null', { ...YES, status: null }],
    ['of status alone', { status: 'success', captcha_args: ARGS }],
    ['in the place of the whole', '"success"'],
    ['as plain text', 'success'],
    ['in a list of one', [YES]],
  ])('%s is nobody’s verdict', async (_how, body) => {
    const { judged } = await open()
    expect(await judged(body)).toEqual(GARBAGE)
  })

  test('that is also an error is the error', async () => {
    const { judged } = await open()
    expect(await judged({ ...YES, status: 'error', code: '-50303' })).toEqual({ verdict: 'rejected', detail: '-50303' })
  })
})

describe('a no', () => {
  test.each(['pass_token expire', 'pass_token error', 'sign_token error'])(
    'because of "%s" says so',
    async (reason) => {
      const { judged } = await open()
      expect(await judged({ ...NO, reason })).toEqual({ verdict: 'rejected', detail: reason })
    },
  )

  test.each<[string, unknown]>([
    ['an unknown reason', { ...NO, reason: `<script>${'x'.repeat(2000)}` }],
    ['a reason that is no text', { ...NO, reason: { toString: 1 } }],
    ['no reason', { ...NO, reason: undefined }],
    ['nothing else', { result: 'fail' }],
  ])('with %s is a no all the same, and none of it travels on', async (_how, body) => {
    const { judged } = await open()
    expect(await judged(body)).toEqual({ verdict: 'rejected', detail: 'other' })
  })

  test('about another lot is nobody’s verdict', async () => {
    const { judged } = await open()
    expect(await judged({ ...NO, captcha_args: { lot_number: 'e'.repeat(32) } })).toEqual(GARBAGE)
  })
})

const error = (code: unknown) => ({ status: 'error', code, msg: 'in words', desc: { type: 'defined error' } })

describe('an error', () => {
  const MEANINGS: Record<string, object> = {
    '-50000': { cause: 'status' },
    '-50001': GARBAGE,
    '-50004': GARBAGE,
    ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`-5010${n}`, { cause: 'id_refused' }])),
  }

  test.each(vendorCodes)('%s means what the table of the vendor says', async (code) => {
    const { judged } = await open()
    expect(await judged(error(code))).toEqual({ ...(MEANINGS[code] ?? { verdict: 'rejected' }), detail: code })
  })

  test('knows the nineteen codes of the vendor', () => {
    expect(vendorCodes).toHaveLength(19)
  })

  test('may give its code as a number', async () => {
    const { judged } = await open()
    expect(await judged(error(-50_003))).toEqual({ verdict: 'rejected', detail: '-50003' })
  })

  test.each<[string, unknown]>([
    ['an unknown code', '-50999'],
    ['no code', undefined],
    ['a code that is none', { a: 1 }],
    ['a name of the language', 'constructor'],
  ])('with %s is nobody’s verdict, and none of it travels on', async (_how, code) => {
    const { judged } = await open()
    expect(await judged(error(code))).toEqual({ cause: 'garbage', detail: 'other' })
  })
})

describe('no answer', () => {
  test.each([
    ['an error page', '<html>', 502, 'status'],
    ['a yes under the wrong HTTP status', YES, 500, 'status'],
    ['a page of some network', '<html>welcome', 200, 'garbage'],
    ['nothing', '', 200, 'garbage'],
    ['half a yes', JSON.stringify(YES).slice(0, 60), 200, 'garbage'],
    ['null', 'null', 200, 'garbage'],
    ['a reply beyond 8 KiB', { ...YES, reason: 'x'.repeat(9000) }, 200, 'network'],
  ])('%s says why', async (_how, body, status, cause) => {
    const { judged } = await open()
    expect(await judged(body, status)).toEqual({ cause })
  })

  test('a connection that breaks is the network’s', async () => {
    const { stub, cloud } = await open()
    stub.reply = { error: 'reset' }
    expect(await cloud.validate(ANSWER)).toEqual({ cause: 'network' })
  })
})

describe('a look of our own', () => {
  test.each([
    ['a no', NO, undefined],
    ['an error about the answer', error('-50303'), undefined],
    ['an error about the id', error('-50103'), 'id_refused'],
    ['an error of its own', error('-50000'), 'status'],
    ['junk', 'hello', 'garbage'],
  ])('takes %s for what it is', async (_how, body, cause) => {
    const { stub, cloud } = await open()
    // It asks about a lot of its own.
    stub.reply = { status: 200, body: JSON.stringify(body).replace(LOT, '0'.repeat(32)) }
    expect((await cloud.look())?.cause).toBe(cause)
  })

  test('carries nothing that a visitor sent', async () => {
    const { stub, cloud } = await open()
    await cloud.look()
    expect(Object.fromEntries(new URLSearchParams(stub.requests[0]?.body))).toMatchObject({
      lot_number: '0'.repeat(32),
      gen_time: '0',
    })
  })
})
