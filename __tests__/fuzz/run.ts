import { Agent } from 'node:http'
import { createSimulator } from '../../lib/simulator'
import { fakeWorld, until } from '../support/world'
import type { Batch } from './batch'
import type { Case } from './case'
import { passWhile } from './clock'
import { needsClock } from './faults'
import type { Exchange, House } from './house'
import { createJudge } from './judge'
import { createPromises } from './promises'
import { leaving, tamper } from './raw'
import { IDS, KEY } from './scenes'
import { PATIENCE, rawText, send, sendRaw, type Outgoing } from './send'
import { furnish, type Furnish } from './site'
import type { Tally } from './tally'
import type { Upstream } from './upstream'
import { createVisitors, type Plan } from './visitors'

export interface Place {
  readonly house: House
  readonly upstream: Upstream
  readonly tally: Tally
  /** How a site is furnished, where it is not one process with its own memory. */
  readonly furnish?: Furnish
}

/** Lives one batch: a site is furnished, visitors come in waves, and the judge looks at each wave. */
export async function live(batch: Batch, place: Place): Promise<void> {
  const { house, upstream, tally } = place
  const world = fakeWorld()
  const simulator = createSimulator({ now: world.now, captchaId: IDS[0], privateKey: KEY, accounts: { [IDS[1]]: KEY } })
  const { scenes } = batch.setup
  const plan = batch.cloud
  const cloud = upstream.attach(simulator, plan, scenes, world)
  const furnished = (place.furnish ?? furnish)(cloud, world, batch)
  const { site, store, plugins, trouble } = furnished
  house.site = site
  const judge = createJudge({ simulator, cloud, batch, store, now: world.now, tally })
  const visitors = createVisitors(judge, simulator, scenes)
  const promises = createPromises({ plan, cloud, world, plugins: furnished.of, scenes, tally })
  const agent = new Agent({ keepAlive: true })
  const isThrottled = plan.weather?.kind === 'throttled'
  /** Right answers that were told to come again, because the cloud had too many calls or the store was not there. */
  const putOff: Outgoing[] = []

  /** @param alone whether nobody else's request in the same breath is about the same challenge */
  async function act(one: Case, { message, honest }: Plan, alone: boolean): Promise<void> {
    if (one.do === 'raw') return sendRaw(house.port, tamper(rawText(message), one.edit), leaving(one.edit))
    const { status, cookies } = await send(agent, house.port, message)
    visitors.keep(one, cookies)
    if (!honest || !alone) return
    const isPutOff = (isThrottled && status === 429) || (trouble !== undefined && status === 503)
    // What was exchanged for a pass that no store could keep is used up.
    if (isPutOff && !(status === 503 && message.path.includes('validate'))) putOff.push(message)
    // Too many wrong answers of others, in an outage, are no fault of the site's.
    if (status !== 200 && status !== 429 && !isPutOff)
      throw new Error(`an honest answer was refused: ${message.path} ${String(message.body)} got ${status}`)
  }

  /** @returns what was answered */
  async function over(acts: readonly Promise<void>[]): Promise<readonly Exchange[]> {
    // All of them end, so that nothing of a wave that failed reaches the next site.
    const ends = Promise.allSettled(acts)
    const ended = await (needsClock(plan) ? passWhile(world, cloud, ends) : ends)
    const failed = ended.find(({ status }) => status === 'rejected')
    // Visitors of the raw kind hang up early, and the site may be at work still.
    const patience = performance.now() + PATIENCE
    const answered = until(() => site.open.size === 0 || performance.now() > patience)
    await (needsClock(plan) ? passWhile(world, cloud, answered) : answered)
    for (const { req } of site.open) throw new Error(`${req.method} ${req.url} was never answered`)
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
    const seen = site.seen.splice(0)
    judge.wave(seen)
    return seen
  }

  async function wave(cases: readonly Case[]): Promise<readonly Exchange[]> {
    tally.cases += cases.length
    // All of them are made up before the first is sent: what they are must not hang on who is faster.
    const plans = cases.map((one) => visitors.plan(one))
    const isAlone = ({ about }: Plan): boolean =>
      plans.filter((plan) => plan.about.some((one) => about.includes(one))).length === 1
    return over(plans.map((plan, i) => act(cases[i] as Case, plan, isAlone(plan))))
  }

  /** What was put off is not used up: once all is well again, it passes. */
  async function again(): Promise<void> {
    const messages = putOff.splice(0)
    if (messages.length === 0) return
    tally.putOff += messages.length
    cloud.sky.clear(true)
    await over(
      messages.map(async (message) => {
        const { status } = await send(agent, house.port, message)
        if (status !== 200) throw new Error(`what was put off got ${status}: ${message.path} ${String(message.body)}`)
      }),
    )
    cloud.sky.clear(false)
  }

  try {
    // Everybody has a session first: without one, each of a visitor's requests would begin another.
    await wave(visitors.everybody.map((who) => ({ do: 'issue', who, cookie: 'none', scene: 'login', headers: [] })))
    await wave(batch.arrivals)
    for (const [number, { advance, order, cases }] of batch.waves.entries()) {
      await promises.begin(number)
      trouble?.begin(number)
      world.advance(advance)
      // Where weather lasts, nobody's word decides.
      if (order !== undefined && plan.weather === undefined) {
        const given = order === 'none' ? undefined : { mode: order, reason: 'fuzz', seconds: 60 }
        for (const plugin of plugins) plugin.force(given)
      }
      const seen = await wave(cases)
      await promises.end(seen)
      await trouble?.end()
      await again()
    }
  } finally {
    for (const plugin of plugins) plugin.close()
    furnished.close?.()
    cloud.detach()
    agent.destroy()
  }
}
