import { createRequire } from 'node:module'
import { join } from 'node:path'
import request from 'supertest'
import { md5 } from '../../lib/digest'
import type { Simulator } from '../../lib/simulator'
import { cloud } from '../support/site'
import { vectors } from '../support/vectors'

interface Registered {
  success: 0 | 1
  challenge: string
  gt: string
}
interface Values {
  challenge: string
  validate: string
  seccode: string
}
/** `geetest` 4.1.2, of gt-node-sdk. */
interface NodeSdk {
  register(): Promise<Registered>
  validate(values: Values): Promise<boolean>
}
/** `gt3-sdk`, of gt3-node-sdk. */
interface Gt3Sdk {
  register(data: object): Promise<Registered & { new_captcha: boolean }>
  validate(fallback: boolean, values: Values): Promise<boolean>
}
type Sdk = new (config: { geetest_id: string; geetest_key: string; protocol: string; api_server: string }) => object

// Installed by `npm run test:sdks`, which the test command runs first.
const official = createRequire(join(__dirname, '../official-sdks', 'package.json'))

describe('the official SDKs run unchanged against the simulator:', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })
  afterEach(() => simulator.fault('none'))

  const connect = (name: string): unknown => {
    const [protocol, api_server] = simulator.url.split('//') as [string, string]
    const { captchaId: geetest_id, privateKey: geetest_key } = simulator
    return new (official(name) as Sdk)({ geetest_id, geetest_key, protocol: `${protocol}//`, api_server })
  }
  const geetest = () => connect('geetest') as NodeSdk
  const gt3 = () => connect('gt3-sdk') as Gt3Sdk
  const solve = (challenge: string, slide = false): Values => {
    const answer = simulator.answer(challenge, { slide })
    return {
      challenge: answer.geetest_challenge,
      validate: answer.geetest_validate,
      seccode: answer.geetest_seccode,
    }
  }

  test.each([false, true])(
    'geetest 4.1.2 registers, passes once, and is refused the second time (slide: %s)',
    async (slide) => {
      const sdk = geetest()
      const { success, challenge } = await sdk.register()
      expect(success).toBe(1)
      const values = solve(challenge, slide)
      expect(await sdk.validate(values)).toBe(true)
      expect(await sdk.validate(values)).toBe(false)
    },
  )

  test.each([false, true])(
    'gt3-sdk 2.0.0 registers, passes once, and is refused the second time (slide: %s)',
    async (slide) => {
      const sdk = gt3()
      const { success, challenge, new_captcha } = await sdk.register({ client_type: 'web', ip_address: '127.0.0.1' })
      expect([success, new_captcha]).toEqual([1, true])
      const values = solve(challenge, slide)
      expect(await sdk.validate(false, values)).toBe(true)
      expect(await sdk.validate(false, values)).toBe(false)
    },
  )

  test('both go offline when register.php is refused', async () => {
    await simulator.fault('refuse')
    expect((await geetest().register()).success).toBe(0)
    expect((await gt3().register({})).success).toBe(0)
  })

  /**
   * The Python SDKs, call by call as the vectors recorded them: the same URL, the same form with its empty fields and
   * its fractional timestamp, and the same comparison of the reply.
   */
  test.each([
    ['python-3.2.0', '', (seccode: string) => md5(seccode)],
    [
      'python-3.3.0',
      '&json_format=1&client_type=web&ip_address=',
      (seccode: string) => `{"seccode":"${md5(seccode)}"}`,
    ],
  ])('%s registers and passes', async (sdk, query, yes) => {
    const registered = await request(simulator.url).get(`/register.php?gt=${simulator.captchaId}${query}`).expect(200)
    const origin = query === '' ? registered.text : (registered.body as { challenge: string }).challenge
    expect(origin).toHaveLength(32)
    const { challenge, seccode } = solve(md5(origin + simulator.privateKey))
    const recorded = vectors.success_validate.cases.find((one) => one.sdk === sdk && one.note === 'good')
    const fields = { ...recorded?.posted?.fields_without_timestamp, seccode, challenge, timestamp: '1700000000.123' }
    const form = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
    await request(simulator.url).post('/validate.php').type('form').send(form).expect(200, yes(seccode))
  })
})
