import { Agent } from 'node:http'
import { createSimulator } from '../../lib/simulator'
import { fakeWorld, until } from '../support/world'
import type { Batch } from './batch'
import type { Case } from './case'
import { createJudge } from './judge'
import { leaving, tamper } from './raw'
import { IDS, KEY } from './scenes'
import { PATIENCE, rawText, send, sendRaw } from './send'
import type { House } from './house'
import { furnish } from './site'
import type { Tally } from './tally'
import type { Upstream } from './upstream'
import { createVisitors, type Plan } from './visitors'

/** Lives one batch: a site is furnished, visitors come in waves, and the judge looks at each wave. */
export async function live(batch: Batch, house: House, upstream: Upstream, tally: Tally): Promise<void> {
  const world = fakeWorld()
  const simulator = createSimulator({ now: world.now, captchaId: IDS[0], privateKey: KEY, accounts: { [IDS[1]]: KEY } })
  const cloud = upstream.attach(simulator, batch.cloud)
  const { site, store, plugins } = furnish(cloud.url, world, batch)
  house.site = site
  const judge = createJudge({ simulator, cloud, batch, store, now: world.now, tally })
  const visitors = createVisitors(judge, simulator, batch.setup.scenes)
  const agent = new Agent({ keepAlive: true })

  /** @param alone whether nobody else's request in the same breath is about the same challenge */
  async function act(one: Case, { message, honest }: Plan, alone: boolean): Promise<void> {
    if (one.do === 'raw') return sendRaw(house.port, tamper(rawText(message), one.edit), leaving(one.edit))
    const { status, cookies } = await send(agent, house.port, message)
    visitors.keep(one, cookies)
    // Too many wrong answers of others, in an outage, are no fault of the site's.
    if (honest && alone && status !== 200 && status !== 429)
      throw new Error(`an honest answer was refused: ${message.path} ${String(message.body)} got ${status}`)
  }

  async function wave(cases: readonly Case[]): Promise<void> {
    tally.cases += cases.length
    // All of them are made up before the first is sent: what they are must not hang on who is faster.
    const plans = cases.map((one) => visitors.plan(one))
    const isAlone = ({ about }: Plan): boolean =>
      plans.filter((plan) => plan.about.some((one) => about.includes(one))).length === 1
    const acts = plans.map((plan, i) => act(cases[i] as Case, plan, isAlone(plan)))
    // All of them end, so that nothing of a wave that failed reaches the next site.
    const failed = (await Promise.allSettled(acts)).find(({ status }) => status === 'rejected')
    // Visitors of the raw kind hang up early, and the site may be at work still.
    const patience = performance.now() + PATIENCE
    await until(() => site.open.size === 0 || performance.now() > patience)
    for (const { req } of site.open) throw new Error(`${req.method} ${req.url} was never answered`)
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
    judge.wave(site.seen.splice(0))
  }

  try {
    // Everybody has a session first: without one, each of a visitor's requests would begin another.
    await wave(visitors.everybody.map((who) => ({ do: 'issue', who, cookie: 'none', scene: 'login', headers: [] })))
    await wave(batch.arrivals)
    for (const { advance, order, cases } of batch.waves) {
      world.advance(advance)
      if (order !== undefined) {
        const given = order === 'none' ? undefined : { mode: order, reason: 'fuzz', seconds: 60 }
        for (const plugin of plugins) plugin.force(given)
      }
      await wave(cases)
    }
  } finally {
    for (const plugin of plugins) plugin.close()
    cloud.detach()
    agent.destroy()
  }
}
