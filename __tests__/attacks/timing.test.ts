import crypto from 'node:crypto'
import { GeetestClient, proofOfWork } from '../../lib'
import { signValidate } from '../../lib/digest'
import { answered, evilCloud, md5 } from './support/evil-cloud'

describe('a digest that is compared with one from outside', () => {
  const compared: string[][] = []
  let spy: jest.SpyInstance
  beforeEach(() => {
    compared.length = 0
    const { timingSafeEqual } = crypto
    spy = jest.spyOn(crypto, 'timingSafeEqual').mockImplementation((a, b) => {
      compared.push([Buffer.from(a as Buffer).toString(), Buffer.from(b as Buffer).toString()])
      return timingSafeEqual(a, b)
    })
  })
  afterEach(() => spy.mockRestore())
  const pairs = () => compared.map((pair) => pair.toSorted((a, b) => a.localeCompare(b)))
  const pair = (...two: string[]) => two.toSorted((a, b) => a.localeCompare(b))

  // Falls when: a digest is compared by ===, which ends at the first difference.
  test.each([0, 1, 31])('attack 27: a validate is compared in constant time, wrong from digit %i on', async (at) => {
    const evil = await evilCloud()
    const { agent, right, challenge } = await answered(evil)
    const wrong =
      right.geetest_validate.slice(0, at) +
      right.geetest_validate.slice(at).replace(/./g, (digit) => (digit === '0' ? '1' : '0'))
    await agent
      .post('/login')
      .send({ ...right, geetest_validate: wrong })
      .expect(403)
    expect(pairs()).toContainEqual(pair(signValidate(challenge, 'k'), wrong))
  })

  test('attack 27: the cloud’s verdict is compared in constant time', async () => {
    const evil = await evilCloud()
    const { agent, right } = await answered(evil)
    await agent.post('/login').send(right).expect(200)
    const digest = md5(right.geetest_seccode)
    expect(pairs()).toContainEqual([digest, digest])
  })

  test('attack 27: a downtime challenge’s signature is compared in constant time', () => {
    const provider = proofOfWork({ privateKey: 'k', hashes: 1 })
    const challenge = `${'a'.repeat(32)}.gt-offline.${provider.issue('a'.repeat(32))}`
    const forged = challenge.slice(0, -22) + 'A'.repeat(22)
    void provider.verify({ challenge: forged, validate: 'x', seccode: 'x' })
    expect(pairs()).toContainEqual(pair(challenge.slice(-22), 'A'.repeat(22)))
  })

  test('attack 27: an answer by the offline rule is compared in constant time', () => {
    const client = new GeetestClient({ captchaId: 'a'.repeat(32), privateKey: 'k' })
    expect(client.failValidate('c'.repeat(32), '0'.repeat(32), 'x')).toBe(false)
    expect(pairs()).toContainEqual(pair(md5('c'.repeat(32)), '0'.repeat(32)))
  })

  test.each(['', '0', '0'.repeat(31), '0'.repeat(33), '0'.repeat(2000)])(
    'attack 27: what is not as long as a digest is compared with none (%#)',
    async (text) => {
      const { agent, right, challenge } = await answered(await evilCloud())
      const { status } = await agent.post('/login').send({ ...right, geetest_validate: text })
      expect([400, 403]).toContain(status)
      expect(compared.flat()).not.toContain(signValidate(challenge, 'k'))
    },
  )
})
