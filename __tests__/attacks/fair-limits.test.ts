import { proofOfWork, type GeetestOptions, type TicketStore } from '../../lib'
import { cloud, credentials, site } from '../support/site'
import { fakeWorld } from '../support/world'
import { times } from './support/crowd'
import { md5 } from './support/evil-cloud'
import { answer } from './support/forgeries'
import { onEveryStore } from './support/stores'
import { cookieOf, inBatches, wireTo, type Answered } from './support/wire'

// Crowds take as long as the machine needs.
jest.setTimeout(180_000)

/** 200 addresses of 50 IPv4 /24, and 20 /64 of one IPv6 /48. */
const ATTACKERS = [
  ...times(200, (i) => `203.0.${i % 50}.${1 + Math.floor(i / 50)}`),
  ...times(20, (i) => `2001:db8:bad:${(i * 300).toString(16)}::1`),
]
/** From a network of its own each. */
const honest = (n: number): string[] =>
  times(n, (i) => (i % 2 ? `2001:db8:${(0x1000 + i).toString(16)}::1` : `198.${18 + (i % 2)}.${i % 256}.7`))

/** A site in an outage whose limits for all are a fraction of the usual, and a proxy in front of it that tells whose requests these are. */
async function inOutage(store: TicketStore | undefined, options: Partial<GeetestOptions>) {
  const simulator = await cloud()
  const kept = store && { store }
  const { app, captcha } = site({ ...credentials(simulator), downtime: 'failback', ...kept, ...options }, fakeWorld())
  app.set('trust proxy', 'loopback')
  captcha.force({ mode: 'down', reason: 'test', seconds: 600 })
  const wire = await wireTo(app)
  const get = (address: string) => wire.send('GET', '/getcaptcha', { 'X-Forwarded-For': address })
  const challengeOf = ({ text }: Answered): string => JSON.parse(text).challenge
  /** Fetches a challenge and answers it: with what it takes, or wrongly. */
  async function post(address: string, right: boolean): Promise<Answered> {
    const issued = await get(address)
    if (issued.status !== 200) return issued
    const challenge = challengeOf(issued)
    const fields = answer(challenge, right ? md5(challenge) : 'wrong')
    return wire.post('/login', fields, { ...cookieOf(issued), 'X-Forwarded-For': address })
  }
  return { get, post, challengeOf }
}

const statusesOf = (replies: readonly Answered[]) => new Set(replies.map(({ status }) => status))
const count = (replies: readonly Answered[], wanted: number): number =>
  replies.filter(({ status }) => status === wanted).length

onEveryStore((open) => {
  // Falls when: a limit for all is first come, first served, or the /64 of one /48 count as so many networks.
  test('attack 37: 220 addresses that ask as fast as they can do not keep one of 300 networks waiting', async () => {
    const { get } = await inOutage(await open(), { budgets: { totalIssues: 400 } })
    const flood = times(3, () => ATTACKERS).flat()
    await inBatches(flood.slice(0, 500), 30, get)
    const [served] = await Promise.all([inBatches(honest(300), 10, get), inBatches(flood.slice(500), 10, get)])
    expect(statusesOf(served)).toEqual(new Set([200]))
  })

  // Falls when: wrong answers of many networks close the door to the right ones of others.
  test('attack 37: 220 addresses with wrong answers do not refuse the right ones of 60 networks', async () => {
    const { post } = await inOutage(await open(), { budgets: { totalFailures: 200 } })
    const wrong = await inBatches(times(2, () => ATTACKERS).flat(), 30, (address) => post(address, false))
    expect(count(wrong, 429)).toBeGreaterThan(0)
    const right = await inBatches(honest(60), 10, (address) => post(address, true))
    expect(statusesOf(right)).toEqual(new Set([200]))
  })

  // Falls when: those who have more than their share are not stopped, so that there is no limit for all any more.
  test('attack 37: 220 addresses get no more than the limit for all and their first few', async () => {
    const { get } = await inOutage(await open(), { budgets: { totalIssues: 400 } })
    const replies = await inBatches(times(3, () => ATTACKERS).flat(), 30, get)
    expect(count(replies, 200)).toBeLessThanOrEqual(400 + 51 * 2)
    expect(count(replies, 200)).toBeGreaterThan(350)
  })

  // Falls when: the first few of a network are all that is left to an office.
  test('attack 37: an office behind one address gets its share, whoever came before', async () => {
    const { get } = await inOutage(await open(), { budgets: { totalIssues: 400 } })
    await inBatches(times(3, () => ATTACKERS).flat(), 30, get)
    const office = await inBatches(
      times(7, () => '192.0.2.1'),
      5,
      get,
    )
    expect(statusesOf(office)).toEqual(new Set([200]))
  })
})

describe('the work in an outage', () => {
  const options = { downtime: proofOfWork({ privateKey: 'k', hashes: 100 }) }
  const workOf = (challenge: string): number => parseInt(String(challenge.split('.')[3]), 36) / 100

  // Falls when: pressure raises the work of everybody, whoever causes it.
  test('attack 44: four addresses with 60 wrong answers raise their own work, and nobody else’s', async () => {
    const { get, post, challengeOf } = await inOutage(undefined, options)
    const bots = times(4, (i) => `203.0.${i}.1`)
    await inBatches(times(60, () => bots).flat(), 20, (address) => post(address, false))
    expect(await Promise.all(honest(20).map(async (address) => workOf(challengeOf(await get(address)))))).toEqual(
      times(20, () => 1),
    )
    for (const bot of bots) expect(workOf(challengeOf(await get(bot)))).toBeGreaterThan(1)
  })

  // Falls when: a flood costs those who make it no more than it costs a visitor.
  test('attack 44: who asks for far more than a fair share does eight times the work, and a newcomer once', async () => {
    const { get, challengeOf } = await inOutage(undefined, { ...options, budgets: { totalIssues: 1000 } })
    const replies = await inBatches(times(60, () => ATTACKERS.slice(0, 10)).flat(), 20, get)
    expect(Math.max(...replies.filter(({ status }) => status === 200).map((reply) => workOf(challengeOf(reply))))).toBe(
      8,
    )
    expect(workOf(challengeOf(await get('192.0.2.1')))).toBe(1)
  })
})
