import type { GeetestOptions } from '../../lib'
import { cloud, credentials, site } from '../support/site'
import { fakeWorld } from '../support/world'
import { times } from './support/crowd'
import { md5 } from './support/evil-cloud'
import { answer } from './support/forgeries'
import { cookieOf, inBatches, wireTo, type Answered } from './support/wire'

// Crowds take as long as the machine needs.
jest.setTimeout(180_000)

/** A site in an outage, and a proxy in front of it that says what it likes about who asks. */
async function inOutage(options: Partial<GeetestOptions> = {}) {
  const simulator = await cloud()
  const { app, captcha } = site({ ...credentials(simulator), downtime: 'failback', ...options }, fakeWorld())
  app.set('trust proxy', 'loopback')
  captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
  const wire = await wireTo(app)
  const get = (says: string, cookie = {}) => wire.send('GET', '/getcaptcha', { 'X-Forwarded-For': says, ...cookie })
  const post = (says: string, issued: Answered, validate: (challenge: string) => string, cookie = cookieOf(issued)) => {
    const { challenge } = JSON.parse(issued.text)
    return wire.post('/login', answer(challenge, validate(challenge)), { ...cookie, 'X-Forwarded-For': says })
  }
  return { get, post }
}
const statusesOf = (replies: readonly Answered[]) => new Set(replies.map(({ status }) => status))
const wrong = (): string => 'wrong'

describe.each(['unknown', '_hidden', '/run/site.sock', '127.1'])('visitors of whom is said %p', (says) => {
  // Falls when: all who have no address have one limit together.
  test('attack 39: the wrong answers of one do not refuse the right ones of others', async () => {
    const { get, post } = await inOutage({ budgets: { failures: 5, totalFailures: 10 } })
    const held = await inBatches(
      times(40, () => says),
      10,
      (address) => get(address),
    )
    await inBatches(held, 10, (issued) => post(says, issued, wrong))
    const right = await inBatches(
      times(20, () => says),
      10,
      async () => post(says, await get(says), md5),
    )
    expect(statusesOf(right)).toEqual(new Set([200]))
  })

  // Falls when: who has no address has no limit either, by leaving away what a proxy would say.
  test('attack 39: are issued no more than the limit for all', async () => {
    const { get } = await inOutage({ budgets: { totalIssues: 50 } })
    const replies = await inBatches(
      times(100, () => says),
      10,
      (address) => get(address),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(50)
  })

  // Falls when: strangers take part where addresses share, so that they use up what those have.
  test('attack 39: keep nobody waiting who has an address', async () => {
    const { get } = await inOutage({ budgets: { totalIssues: 50 } })
    await inBatches(
      times(100, () => says),
      10,
      (address) => get(address),
    )
    const known = await inBatches(
      times(20, (i) => `198.51.${i}.1`),
      10,
      (address) => get(address),
    )
    expect(statusesOf(known)).toEqual(new Set([200]))
  })
})

// Falls when: wrong answers of somebody without an address are not counted at all.
test('attack 39: a session without an address that answers wrongly again and again has to wait', async () => {
  const { get, post } = await inOutage({ budgets: { failures: 2 } })
  const first = await get('unknown')
  const cookie = cookieOf(first)
  const seen = [await post('unknown', first, wrong)]
  for (let i = 0; i < 2; i++) seen.push(await post('unknown', await get('unknown', cookie), wrong, cookie))
  expect(seen.map(({ status }) => status)).toEqual([403, 403, 429])
})

describe('an address within another', () => {
  // Falls when: everybody behind a translator is one network, because all of IPv4 is in one /64.
  test('attack 39: visitors behind NAT64 have limits of their own', async () => {
    const { get } = await inOutage({ budgets: { issues: 1 } })
    const replies = await inBatches(
      times(20, (i) => `64:ff9b::198.51.${i}.7`),
      10,
      (address) => get(address),
    )
    expect(statusesOf(replies)).toEqual(new Set([200]))
  })

  // Falls when: one host has as many limits as there are ways to write its address.
  test.each(['::ffff:198.51.100.7', '64:ff9b::c633:6407', '2002:c633:6407::1', '64:ff9b:1::198.51.100.7'])(
    'attack 39: %s is 198.51.100.7',
    async (address) => {
      const { get } = await inOutage({ budgets: { issues: 1 } })
      expect((await get('198.51.100.7')).status).toBe(200)
      expect((await get(address)).status).toBe(429)
    },
  )
})
