import { type DowntimeName, type GeetestOptions, proofOfWork } from '../../lib'
import type { Simulator } from '../../lib/simulator'
import { cloud, credentials, site, visitor } from '../support/site'
import { vectors } from '../support/vectors'
import { answer, forgeries, slideAnswer } from './support/forgeries'

const INVENTED = '0123456789abcdef0123456789abcdef'

describe('an answer that takes no work and no key', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await cloud()
  })

  /** A site in one mode, and what it says to an answer at each of its doors. */
  function open(mode: 'up' | 'down', downtime: GeetestOptions['downtime'], more: Partial<GeetestOptions> = {}) {
    const { app, captcha } = site({ ...credentials(simulator), downtime, budgets: false, ...more })
    captcha.force({ mode, reason: 'test', seconds: 600 })
    const agent = visitor(app)
    const issue = async (): Promise<string> => (await agent.get('/getcaptcha').expect(200)).body.challenge
    simulator.forget()
    const asked = () => simulator.calls.filter(({ endpoint }) => endpoint === 'validate')
    return { agent, issue, asked }
  }

  // Falls when: any rule of a public SDK decides about an answer where the options did not ask for exactly that rule.
  describe.each<['up' | 'down', DowntimeName]>([
    ['up', 'failback'],
    ['down', 'proof-of-work'],
    ['down', 'deny'],
  ])('while the cloud is %s, with %s in an outage,', (mode, downtime) => {
    test.each(forgeries)(
      'attack 3: %s is refused, for a challenge that was issued and for one that was not',
      async (_, forge) => {
        const { agent, issue, asked } = open(mode, downtime)
        for (const challenge of [await issue(), INVENTED, `${INVENTED}a7`, 'undefined']) {
          const fields = forge(challenge, simulator.captchaId)
          for (const path of ['/login', '/validate']) {
            const { status, text } = await agent.post(path).type('form').send(fields)
            expect([400, 403, path === '/validate' ? 200 : 403]).toContain(status)
            expect(text).not.toMatch(/success|"ok":true/)
          }
          await agent.post('/login').expect(403)
        }
        expect(asked()).toEqual([])
      },
    )
  })

  test.each(vectors.failback_slide.accepted.map((one) => [one.note, one] as const))(
    'attack 3: a triple that an official SDK accepts is refused: %s',
    async (_, { challenge, validate, seccode }) => {
      for (const mode of ['up', 'down'] as const) {
        const { agent, issue } = open(mode, 'proof-of-work')
        for (const at of [String(challenge), await issue()]) {
          const { status } = await agent.post('/login').send(answer(at, String(validate), String(seccode)))
          expect([400, 403]).toContain(status)
        }
      }
    },
  )

  // Falls when: the shape of the answer picks between the two offline rules.
  test.each([
    [true, 'the slide’s rule', (challenge: string) => slideAnswer(challenge)],
    [true, 'three empty parts', (challenge: string) => answer(challenge, '__')],
    [false, 'the md5 rule', (challenge: string) => forgeries[0]?.[1](challenge, '')],
  ])(
    'attack 3: even with failback (new_captcha %s), %s does not stand in for the rule that was issued',
    async (newCaptcha, _, forge) => {
      const { agent, issue } = open('down', 'failback', { newCaptcha })
      const fields = forge(await issue())
      expect((await agent.post('/login').send(fields).expect(403)).body.code).toBe('downtime_unsolved')
    },
  )
})

describe('challenges that this server makes', () => {
  /** What 2,000 visitors are issued in an outage, by a site on which these are fixed. */
  async function issued(key = 'k', now = Date.now) {
    const options = {
      captchaId: '1'.repeat(32),
      privateKey: key,
      apiServer: 'http://127.0.0.1:1',
      budgets: false,
    } as const
    const downtime = proofOfWork({ privateKey: key, hashes: 1 })
    const { app, captcha } = site({ ...options, downtime }, { now })
    captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
    app.get('/many', (req, res, next) => {
      Promise.all(Array.from({ length: 2000 }, () => captcha.issue(req))).then((all) => res.json(all), next)
    })
    const { body } = await visitor(app).get('/many').expect(200)
    return (body as { challenge: string }[]).map(({ challenge }) => challenge)
  }
  const ids = (challenges: string[]) => challenges.map((challenge) => challenge.slice(0, 32))

  // Falls when: the id is made from a clock, a counter, or a generator that was made for dice.
  test('attack 4: do not repeat on two servers with the same key, the same clock and the same dice', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0.5)
    const all = [...(await issued('k', () => 1e12)), ...(await issued('k', () => 1e12))]
    random.mockRestore()
    expect(new Set(ids(all)).size).toBe(4000)
  })

  test('attack 4: have 128 bits, each of which is as often 0 as 1, whatever the others are', async () => {
    const numbers = ids(await issued()).map((id) => BigInt(`0x${id}`))
    const share = (of: (n: bigint) => bigint) => numbers.filter((n) => of(n) & 1n).length / numbers.length
    const turned = (n: bigint, by: bigint) => (n >> by) | (n << (128n - by))
    for (let bit = 0n; bit < 128n; bit++) {
      const alone = share((n) => n >> bit)
      const beside = [1n, 8n, 32n, 64n].map((by) => share((n) => (n ^ turned(n, by)) >> bit))
      // Nine standard deviations for fair bits: not once in the life of the universe.
      for (const seen of [alone, ...beside]) expect(Math.abs(seen - 0.5)).toBeLessThan(0.1)
    }
  })

  test('attack 4: tell nothing of the next one: no two in a row are near each other', async () => {
    const numbers = ids(await issued()).map((id) => BigInt(`0x${id}`))
    const steps = new Set(numbers.slice(1).map((n, i) => n - (numbers[i] as bigint)))
    expect(steps.size).toBe(numbers.length - 1)
    expect([...steps].filter((step) => (step < 0n ? -step : step) < 1n << 64n)).toEqual([])
  })

  test('attack 4: labels that are made up are as hard to guess', async () => {
    const simulator = await cloud()
    const { app } = site({ ...credentials(simulator), sendUserId: 'raw' })
    await Promise.all(Array.from({ length: 200 }, () => visitor(app).get('/getcaptcha')))
    const labels = simulator.calls.map(({ params }) => String(params.user_id))
    expect(new Set(labels).size).toBe(200)
    expect(labels.filter((label) => !/^[0-9a-f]{16}$/.test(label))).toEqual([])
  })
})
