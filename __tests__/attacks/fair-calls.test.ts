import { createHash } from 'node:crypto'
import type { EventOf, GeetestEvent, GeetestOptions } from '../../lib'
import { hex, times } from './support/crowd'
import { cookieIn, virtualSite, type CloudCall, type Got } from './support/virtual-site'

const ONE = ['10.1.1.1']
/** What twenty /64 of one customer and two hundred addresses of fifty /24 come to: 51 networks that count. */
const MANY = [
  ...times(20, (i) => `2001:db8:1:${i.toString(16)}::1`),
  ...times(200, (i) => `10.9.${i % 50}.${1 + Math.floor(i / 50)}`),
]
/** Honest visitors, each from a network of their own. */
const home = (i: number): string => (i % 2 ? `172.16.${i}.7` : `2001:db8:${(0x100 + i).toString(16)}::7`)
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

const TIMEOUT = 30_000

/** A site whose cloud answers a call when the test says so. */
function heldSite(options: Partial<GeetestOptions> = {}) {
  const calls: CloudCall[] = []
  const events: GeetestEvent[] = []
  // A call's own deadline is real time: long enough for any machine.
  const settings = { timeout: TIMEOUT, onEvent: (event: GeetestEvent) => void events.push(event) }
  const site = virtualSite({ ...settings, ...options }, (call) => void calls.push(call))
  /** Asks from each of these in turn, over so many connections. */
  const storm = (addresses: readonly string[], connections: number): Promise<Got>[] =>
    times(connections, (i) => site.issue(String(addresses[i % addresses.length])))
  const honest = (count: number): Promise<Got>[] => times(count, (i) => site.issue(home(i)))
  const queue = (): EventOf<'queue'>[] => events.filter((event) => event.type === 'queue')
  return { ...site, calls, storm, honest, queue }
}

/** What became of whoever asked: served online, refused, or neither. */
const outcome = ({ status, headers, body }: Got): string =>
  status === 200 && body.success === 1 ? 'online' : `${status} ${String(body.code)} ${String(headers['retry-after'])}`

const outcomes = async (asked: Promise<Got>[]): Promise<string[]> => [
  ...new Set((await Promise.all(asked)).map(outcome)),
]

// Falls when: whoever comes first takes all calls, and nothing is left for whoever comes from another network.
test('attack 36: 300 connections of one address take half of the calls, and others get theirs without a wait', async () => {
  const { storm, honest, calm, calls, queue, world } = heldSite()
  void storm(ONE, 300)
  await calm()
  expect(calls).toHaveLength(128)
  const visitors = honest(60)
  await calm()
  expect(calls).toHaveLength(188)
  for (const call of calls.slice(128)) call.serve()
  await calm()
  expect((await Promise.all(visitors)).map(({ ms }) => ms)).toEqual(Array(60).fill(0))
  expect(await outcomes(visitors)).toEqual(['online'])
  world.advance(1000)
  expect(queue()).toEqual([])
})

// Falls when: those who wait are served in the order in which they came, or networks are told apart by their narrowest part alone.
test('attack 36: twenty /64 of one /48 and 200 addresses of 50 /24 wait, and each call that ends goes to an honest visitor', async () => {
  const { storm, honest, calm, calls } = heldSite()
  void storm(MANY, 900)
  await calm()
  const held = calls.length
  const visitors = honest(40)
  await calm()
  const atOnce = calls.length - held
  for (const call of calls.slice(0, 40 - atOnce)) call.serve()
  await calm()
  expect(calls).toHaveLength(held + 40)
  for (const call of calls.slice(held)) call.serve()
  await calm()
  expect(await outcomes(visitors)).toEqual(['online'])
})

// Falls when: a network that was served a moment ago counts as one that comes new.
test('attack 36: whoever had calls while they were short comes after whoever had none', async () => {
  const { storm, issue, honest, calm, calls } = heldSite()
  const last = (): string | null | undefined => calls.at(-1)?.params.get('ip_address')
  void storm(MANY, 900)
  await calm()
  // They take what is kept free for newcomers, so that the next ones wait.
  void honest(20)
  const first = issue('198.51.100.7')
  await calm()
  for (const call of calls.slice(0, 60)) {
    if (last() === '198.51.100.7') break
    call.serve()
    await calm()
  }
  calls.at(-1)?.serve()
  expect(outcome(await first)).toBe('online')
  void issue('198.51.100.7')
  await calm()
  void issue('203.0.113.7')
  await calm()
  calls[100]?.serve()
  await calm()
  expect(last()).toBe('203.0.113.7')
})

// Falls when: waiting has no end, what is refused is taken for an outage, or a refusal is not told of.
test('attack 36: whose turn does not come within `timeout` is told to come again, and the cloud counts as up', async () => {
  const { storm, calm, world, calls, captcha, queue } = heldSite()
  const flood = storm(ONE, 300)
  await calm()
  world.advance(TIMEOUT - 1)
  await calm()
  expect(calls).toHaveLength(128)
  world.advance(1)
  expect(await outcomes(flood.slice(128))).toEqual(['429 unavailable 1'])
  expect(captcha.status.mode).toBe('up')
  world.advance(1000)
  expect(queue()).toEqual([{ type: 'queue', scene: 'default', call: 'register', waited: 0, refused: 172, seconds: 30 }])
})

// Falls when: the queue has no bound, or those who fill it keep others out of it.
test('attack 36: a queue that is full loses the newest of whoever fills it, and takes in who comes new', async () => {
  const { storm, honest, calm, calls } = heldSite()
  let refused = 0
  for (const one of storm(MANY, 1500)) void one.then(({ status }) => (refused += status === 429 ? 1 : 0))
  await calm()
  const visitors = honest(60)
  await calm()
  expect(refused).toBeGreaterThanOrEqual(1500 - 256 - 1024)
  for (const call of calls.slice(0, 60)) call.serve()
  await calm()
  for (const call of calls.slice(60)) call.serve()
  await calm()
  expect(await outcomes(visitors)).toEqual(['online'])
})

// Falls when: one of those without an address takes what all of them have, or all of them together more than one network.
test('attack 36: who has no address shares with all who have none, by session', async () => {
  const { storm, issue, honest, calm, calls } = heldSite()
  void storm(['unknown', '', 'junk'], 300)
  await calm()
  expect(calls).toHaveLength(128)
  const [known] = honest(1)
  await calm()
  expect(calls).toHaveLength(129)
  const hidden = issue('')
  for (let round = 0; round < 4; round++) {
    for (const call of calls.splice(0)) call.serve()
    await calm()
  }
  expect([outcome(await (known as Promise<Got>)), outcome(await hidden)]).toEqual(['online', 'online'])
})

describe('answers', () => {
  const junk = () => ({ lot_number: hex(), captcha_output: 'x', pass_token: hex() + hex(), gen_time: '1700000000' })

  // Falls when: answers have no fair shares, or an answer is burnt that was never looked at.
  test('attack 36: junk of version 4 from one address leaves the others their calls, and what it is refused is not burnt', async () => {
    const { login, calm, calls, captcha, world } = heldSite({ version: 4 })
    const first = junk()
    const flood = [...times(299, junk), first].map((fields) => login('10.1.1.1', fields))
    await calm()
    expect(calls).toHaveLength(128)
    const visitors = times(60, (i) => login(home(i), junk()))
    await calm()
    expect(calls).toHaveLength(188)
    for (const call of calls.slice(128)) call.answer(200, JSON.stringify({ status: 'success', result: 'success' }))
    await calm()
    expect((await Promise.all(visitors)).map(({ status }) => status)).toEqual(Array(60).fill(200))
    world.advance(TIMEOUT)
    const refused = await flood.at(-1)
    expect([refused && outcome(refused), captcha.status.mode]).toEqual(['429 unavailable 1', 'up'])
    const again = login('198.51.100.7', first, cookieIn(refused as Got))
    for (const call of calls.slice(0, 128)) call.serve()
    await calm()
    calls.at(-1)?.answer(200, JSON.stringify({ status: 'success', result: 'success' }))
    expect((await again).status).toBe(200)
  })

  // Falls when: an answer that the cloud would not look at is lost, or asked about once more without a pause.
  test('attack 34: an answer that the cloud puts off is judged when it takes calls again', async () => {
    const { issue, login, calm, calls, captcha, world } = heldSite()
    const asked = issue('10.1.1.1')
    await calm()
    calls.splice(0).forEach((call) => call.serve())
    const got = await asked
    const challenge = String(got.body.challenge)
    const fields = {
      geetest_challenge: challenge,
      geetest_validate: md5(`kgeetest${challenge}`),
      geetest_seccode: 'seccode',
    }
    const verdict = login('10.1.1.1', fields, cookieIn(got))
    await calm()
    calls.splice(0).forEach((call) => call.answer(429))
    await calm()
    expect(calls).toEqual([])
    world.advance(200)
    await calm()
    calls.splice(0).forEach((call) => call.serve())
    expect([(await verdict).status, captcha.status.mode]).toEqual([200, 'up'])
  })
})

// Falls when: a limit of the cloud's counts as an outage, or the calls that it takes go to whoever asks the most.
test('attack 34: a cloud that takes 50 calls a second stays up, and one address that asks for all of them costs nobody theirs', async () => {
  let [second, taken, refused] = [0, 0, 0]
  const events: GeetestEvent[] = []
  const site = virtualSite({ onEvent: (event) => void events.push(event) }, (call) => {
    const here = Math.floor(call.at / 1000)
    if (here !== second) [second, taken] = [here, 0]
    taken += 1
    if (taken <= 50) return call.serve(20)
    refused += 1
    return call.answer(429)
  })
  const ends = site.world.now() + 4000
  /** As soon as it is answered it asks again. */
  async function greedy(): Promise<void> {
    while (site.world.now() < ends) {
      await site.issue('10.1.1.1')
      await new Promise<void>((resolve) => void site.world.later(5, resolve))
    }
  }
  times(64, () => void greedy())
  const visitors: Promise<Got>[] = []
  await site.pass(4000, 5, () => {
    if (site.world.now() % 100 === 0) visitors.push(site.issue(home(visitors.length)))
  })
  await site.pass(2000, 50)
  expect(visitors).toHaveLength(40)
  expect(await outcomes(visitors)).toEqual(['online'])
  expect(site.captcha.status.mode).toBe('up')
  // Once the pace is known, almost nothing is asked in vain.
  expect(refused).toBeLessThan(150)
  expect(events.filter(({ type }) => type === 'queue').length).toBeGreaterThan(0)
  expect(events.filter(({ type }) => type === 'cloud')).toEqual([])
})

// Falls when: a cloud that never takes anything keeps visitors for longer than they may wait, or opens something easier.
test('attack 34: a cloud that takes nothing is no outage either: visitors are told to come again', async () => {
  const site = virtualSite({}, (call) => call.answer(429))
  const visitors = times(20, (i) => site.issue(home(i)))
  await site.pass(2000)
  expect(await outcomes(visitors)).toEqual(['429 unavailable 1'])
  expect(site.captcha.status.mode).toBe('up')
})

// Falls when: what the plugin keeps ready is fetched while visitors wait for theirs.
test('attack 36: prefetching gives way to visitors who wait', async () => {
  const { storm, issue, calm, calls } = heldSite({ prefetch: { stock: 16 } })
  void storm(ONE, 200)
  await calm()
  const held = calls.length
  void storm(MANY, 400)
  await calm()
  expect(calls.length).toBeGreaterThan(held)
  const visitor = issue(home(1))
  await calm()
  calls[0]?.serve()
  await calm()
  calls.at(-1)?.serve()
  expect(outcome(await visitor)).toBe('online')
})
