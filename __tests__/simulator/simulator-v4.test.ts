import request from 'supertest'
import { createCloudV4 } from '../../lib/cloud/v4'
import { vendorCodes } from '../../lib/cloud/detail'
import { signLot } from '../../lib/digest'
import { axiosSender } from '../../lib/http'
import { readAnswerV4, type AnswerV4 } from '../../lib/answer/v4'
import { faults } from '../../lib/simulator'
import { cloud } from '../support/site'

const OTHER = 'e'.repeat(32)

async function open(options?: Parameters<typeof cloud>[0]) {
  const simulator = await cloud(options)
  const { captchaId, privateKey, url } = simulator
  const api = request(url)
  const parse = (text: string) => JSON.parse(/^\/\*\*\/(?:cb)?\((.*)\)$/.exec(text)?.[1] ?? 'null')
  const load = async (params = {}) => {
    const { text } = await api.get('/load').query({ captcha_id: captchaId, callback: 'cb', ...params })
    return parse(text)
  }
  /** A right answer with its signature, and what a test makes of it. */
  const validate = async (change: Record<string, string | undefined> = {}, answer = simulator.answerV4()) => {
    const signed = { ...answer, sign_token: signLot(answer.lot_number, privateKey), ...change }
    const { captcha_id, ...form } = Object.fromEntries(
      Object.entries(signed).filter(([, value]) => value !== undefined),
    )
    const { body } = await api.post('/validate').query({ captcha_id }).type('form').send(form).expect(200)
    return body
  }
  /** What the house makes of it. */
  const house = createCloudV4({ captchaId, privateKey, apiServer: url }, axiosSender({}, 500))
  const ask = () => house.validate(readAnswerV4(simulator.answerV4()) as AnswerV4)
  return { simulator, api, load, validate, ask, house, parse }
}

const error = (code: string) => expect.objectContaining({ status: 'error', code, desc: { type: 'defined error' } })

describe('/validate of the simulator', () => {
  test('says yes to a right answer, and about which lot', async () => {
    const { simulator, validate } = await open()
    const answer = simulator.answerV4()
    expect(await validate({}, answer)).toMatchObject({
      status: 'success',
      result: 'success',
      reason: '',
      captcha_args: { lot_number: answer.lot_number },
    })
  })

  test('takes everything in the address too, as one of the vendor’s demos sends it', async () => {
    const { simulator, api } = await open()
    const answer = simulator.answerV4()
    const query = { ...answer, sign_token: signLot(answer.lot_number, simulator.privateKey) }
    const { body } = await api.get('/validate').query(query)
    expect(body.result).toBe('success')
  })

  test('says yes once', async () => {
    const { simulator, validate } = await open()
    const answer = simulator.answerV4()
    await validate({}, answer)
    expect(await validate({}, answer)).toEqual(error('-50003'))
    expect(simulator.lots).toMatchObject([{ lotNumber: answer.lot_number, redeemed: true }])
  })

  test('does not count a yes that the site never learns', async () => {
    const { simulator, validate } = await open()
    const answer = simulator.answerV4()
    await simulator.fault('garbage', { endpoint: 'validate4', calls: 1 })
    await validate({}, answer)
    expect((await validate({}, answer)).result).toBe('success')
  })

  test.each([
    ['a token of somebody else', { pass_token: '0'.repeat(64) }, 'pass_token error'],
    ['a signature under another key', { sign_token: signLot('x', 'y') }, 'sign_token error'],
    ['no signature', { sign_token: undefined }, 'sign_token error'],
  ])('refuses %s in words', async (_what, change, reason) => {
    const { validate } = await open()
    expect(await validate(change)).toMatchObject({ status: 'success', result: 'fail', reason })
  })

  test('refuses the answer of another id in words', async () => {
    const { simulator, validate } = await open({ accounts: { [OTHER]: 'other-key' } })
    const answer = simulator.answerV4({ captchaId: OTHER })
    expect(await validate({ captcha_id: simulator.captchaId }, answer)).toMatchObject({ reason: 'pass_token error' })
  })

  test('refuses what nobody solved', async () => {
    const { simulator, load, validate } = await open()
    const { lot_number } = (await load()).data
    const made = { ...simulator.answerV4(), lot_number }
    expect(await validate({}, made)).toMatchObject({ reason: 'pass_token error' })
  })

  test('refuses ten minutes after the captcha was loaded', async () => {
    const clock = { time: 0 }
    const { simulator, validate } = await open({ now: () => clock.time })
    const answer = simulator.answerV4()
    clock.time = 600_000
    expect(await validate({}, answer)).toMatchObject({ result: 'fail', reason: 'pass_token expire' })
  })

  test('goes on with the lot that a widget knows the secrets of, and with another otherwise', async () => {
    const { load } = await open()
    const { lot_number, payload, process_token } = (await load()).data
    const again = await load({ lot_number, payload, process_token })
    const other = await load({ lot_number, payload: 'x', process_token })
    expect([again.data.lot_number === lot_number, other.data.lot_number === lot_number]).toEqual([true, false])
  })

  test('answers the settings of the account, over what the page has asked for', async () => {
    const { load } = await open({ load: { language: 'eng', logo: false } })
    expect((await load({ lang: 'zho' })).data).toMatchObject({ language: 'eng', logo: false })
    const plain = await open()
    expect((await plain.load({ lang: 'zho' })).data).toMatchObject({ language: 'zho' })
  })

  test.each([
    ['-50101', { captcha_id: undefined }],
    ['-50102', { captcha_id: 'mine' }],
    ['-50103', { captcha_id: OTHER }],
    ['-50302', { lot_number: undefined }],
    ['-50301', { captcha_output: undefined }],
    ['-50005', { gen_time: '12a' }],
    ['-50005', { gen_time: undefined }],
    ['-50002', { captcha_output: 'junk' }],
    ['-50304', { gen_time: '1' }],
    ['-50304', { captcha_output: Buffer.from(`${OTHER}:${OTHER}`).toString('base64url') }],
  ])('answers %s to %j', async (code, change) => {
    const { validate } = await open()
    expect(await validate(change)).toEqual(error(code))
  })

  test('answers -50303 to a lot that it never gave', async () => {
    const { simulator, validate } = await open()
    expect(await validate({}, { ...simulator.answerV4(), lot_number: OTHER })).toEqual(error('-50303'))
  })

  test.each(vendorCodes)('answers %s when it is told to', async (code) => {
    const { simulator, validate } = await open()
    await simulator.fault('error-code', { endpoint: 'validate4', code })
    expect(await validate()).toEqual(error(code))
  })
})

describe('the house and the simulator', () => {
  test('agree on a right answer', async () => {
    const { ask } = await open()
    expect(await ask()).toEqual({ verdict: 'ok' })
  })

  test.each(faults)('never agree on a wrong one: %s at /validate is nobody’s verdict', async (fault) => {
    const { simulator, ask } = await open()
    await simulator.fault(fault, { endpoint: 'validate4' })
    expect(await ask()).toHaveProperty('cause')
    await simulator.fault('none')
  })

  test('a look of the house finds the simulator at home', async () => {
    const { house } = await open()
    expect(await house.look()).toBeUndefined()
  })
})

describe('/load of the simulator', () => {
  test('names the scripts, and serves them', async () => {
    const { simulator, api, load } = await open()
    const { status, data } = await load({ risk_type: 'slide', user_info: 'u', client_type: 'h5', challenge: 'c' })
    expect([status, data.static_servers]).toEqual(['success', [`${simulator.url.replace('http://', '')}/`]])
    const { text } = await api.get(data.static_path + data.js).expect(200)
    await api.get(data.gct_path).expect(200)
    expect(text).toContain('Geetest4')
    expect(simulator.lots).toMatchObject([{ riskType: 'slide', userInfo: 'u', clientType: 'h5', challenge: 'c' }])
  })

  test.each([
    ['-50101', { captcha_id: undefined }],
    ['-50102', { captcha_id: 'mine' }],
    ['-50103', { captcha_id: OTHER }],
    ['-50001', { risk_type: '<b>' }],
  ])('answers %s to %j', async (code, params) => {
    const { load } = await open()
    expect(await load(params)).toEqual(error(code))
  })

  test.each(['alert(1)//', 'a b', ''])('never runs a callback named %j', async (callback) => {
    const { api, parse, simulator } = await open()
    const { text } = await api.get('/load').query({ captcha_id: simulator.captchaId, callback })
    expect(parse(text)).toEqual(error('-50004'))
  })

  test('gives an error under the callback when it is told to', async () => {
    const { simulator, load } = await open()
    await simulator.fault('error-code', { endpoint: 'load', code: '-50104' })
    expect(await load()).toEqual(error('-50104'))
  })
})

describe('/verify of the simulator', () => {
  async function game(options?: Parameters<typeof cloud>[0]) {
    const opened = await open(options)
    const { simulator, api, parse } = opened
    const { data } = await opened.load()
    const ids = {
      captcha_id: simulator.captchaId,
      lot_number: data.lot_number,
      payload: data.payload,
      process_token: data.process_token,
    }
    const verify = async (x: unknown, params = {}) => {
      const query = { ...ids, w: JSON.stringify({ x, passtime: 900 }), callback: 'cb', ...params }
      return parse((await api.get('/verify').query(query)).text)
    }
    return { ...opened, verify, puzzle: data.puzzle, ids }
  }

  test('gives the fields for a piece in the gap, and they pass', async () => {
    const { verify, validate, puzzle, ids } = await game()
    const { data } = await verify(puzzle.gap)
    expect(data).toMatchObject({ result: 'success', score: 5, seccode: { lot_number: ids.lot_number } })
    expect((await validate({}, data.seccode)).result).toBe('success')
  })

  test('gives nothing for a piece beside it', async () => {
    const { verify, ids } = await game()
    expect((await verify(0)).data).toEqual({ lot_number: ids.lot_number, result: 'fail', fail_count: 1 })
  })

  test.each([
    ['-50101', { captcha_id: '' }],
    ['-50302', { lot_number: '' }],
    ['-50303', { lot_number: OTHER }],
    ['-50306', { process_token: 'x' }],
    ['-50307', { payload: 'x' }],
  ])('answers %s to %j', async (code, params) => {
    const { verify, puzzle } = await game()
    expect(await verify(puzzle.gap, params)).toEqual(error(code))
  })

  test('answers -50304 to the lot of another id', async () => {
    const { verify, puzzle } = await game({ accounts: { [OTHER]: 'k' } })
    expect(await verify(puzzle.gap, { captcha_id: OTHER })).toEqual(error('-50304'))
  })

  test('answers -50308 to what is solved, and after too many tries', async () => {
    const { verify, puzzle } = await game()
    await verify(puzzle.gap)
    expect(await verify(puzzle.gap)).toEqual(error('-50308'))
    const second = await game()
    for (let i = 0; i < 6; i++) await second.verify(0)
    expect(await second.verify(second.puzzle.gap)).toEqual(error('-50308'))
  })

  test('answers -50305 after ten minutes', async () => {
    const clock = { time: 0 }
    const { verify, puzzle } = await game({ now: () => clock.time })
    clock.time = 600_000
    expect(await verify(puzzle.gap)).toEqual(error('-50305'))
  })
})

describe('simulator.answerV4', () => {
  test('answers a captcha that a browser has loaded, the same again', async () => {
    const { simulator, load, validate } = await open()
    const { lot_number: lotNumber } = (await load()).data
    const answer = simulator.answerV4({ lotNumber })
    expect(simulator.answerV4({ lotNumber })).toEqual(answer)
    expect((await validate({}, answer)).result).toBe('success')
  })

  test('says what to give it where the lot number is none of its own', async () => {
    const { simulator } = await open()
    expect(() => simulator.answerV4({ lotNumber: OTHER })).toThrow(/no live lot_number "e+".*that \/load gave/)
  })

  test('says which ids it knows where the id is none of its own', async () => {
    const { simulator } = await open()
    expect(() => simulator.answerV4({ captchaId: OTHER })).toThrow(/no account "e+"; write one of accounts/)
  })
})

test.each(['50103', '-1', ''])('an error-code of %j is refused with words', async (code) => {
  const { simulator } = await open()
  await expect(simulator.fault('error-code', { code })).rejects.toThrow(/write one of the vendor's, such as '-50103'/)
})

test('an hour later the cloud has forgotten a lot, and forgets none that is younger', async () => {
  const clock = { time: 0 }
  const { simulator, validate, load } = await open({ now: () => clock.time })
  const old = simulator.answerV4()
  clock.time = 4_199_999
  await load()
  expect(await validate({}, old)).toMatchObject({ reason: 'pass_token expire' })
  clock.time = 4_200_000
  await load()
  expect(await validate({}, old)).toEqual(error('-50303'))
  expect(simulator.lots).toHaveLength(2)
})
