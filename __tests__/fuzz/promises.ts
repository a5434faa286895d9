import type { Geetest } from '../../lib'
import type { World } from '../support/world'
import { passTime } from './clock'
import type { CloudPlan } from './faults'
import type { Exchange } from './house'
import type { Scene, Scenes } from './scenes'
import type { Tally } from './tally'
import type { Cloud } from './upstream'

/** A cloud of which only calls of this age are remembered, in milliseconds, is judged by what comes from now on. */
const FORGOTTEN_MS = 10_000
/** Half an outage is noticed within that. */
const NOTICED_MS = 5_000
/** Two probes, each with its jitter and a silence; and the one that was under way. */
const BACK_MS = 15_000
/**
 * So many calls must be lost. Of registrations three, in which no visitor has a say, and each may have been sent twice; one lost validation
 * makes the site look for itself.
 */
const QUORUM = { register: 5, validate: 1 } as const

export interface PromisesParts {
  readonly plan: CloudPlan
  readonly cloud: Cloud
  readonly world: World
  readonly plugins: Readonly<Record<Scene, Geetest>>
  readonly scenes: Scenes
  readonly tally: Tally
}

/** What a site must know of weather that lasts: half an outage is one, and being asked to come less often is none. */
export function createPromises({ plan: { weather }, cloud, world, plugins, scenes, tally }: PromisesParts) {
  const all = Object.entries(plugins) as [Scene, Geetest][]
  let before: Readonly<Record<Scene, 'up' | 'down'>> = { login: 'up', comment: 'up' }

  const modes = (): typeof before => ({ login: plugins.login.status.mode, comment: plugins.comment.status.mode })

  function expect(scene: Scene, mode: 'up' | 'down', when: string): void {
    const { mode: is, cause } = plugins[scene].status
    if (is !== mode) throw new Error(`${scene} is ${is} (${cause}) ${when}`)
  }

  /** @param endpoint of which all calls of this scene were lost since the half outage began */
  async function expectNotice(scene: Scene, endpoint: 'register' | 'validate'): Promise<void> {
    const losses = cloud.sky.losses(scene)
    if (before[scene] === 'down') return expect(scene, 'down', `while ${endpoint} still fails`)
    if (losses < QUORUM[endpoint]) return
    if (plugins[scene].status.mode === 'up') await passTime(world, cloud, NOTICED_MS)
    expect(scene, 'down', `after ${losses} calls of ${endpoint} were lost`)
    tally.noticed += 1
  }

  return {
    /** Before a wave. */
    async begin(wave: number): Promise<void> {
      const lasted = cloud.sky.lasts
      cloud.sky.begin(wave)
      if (weather?.kind !== 'half') return
      if (cloud.sky.lasts && !lasted) world.advance(FORGOTTEN_MS)
      if (lasted && !cloud.sky.lasts) {
        await passTime(world, cloud, BACK_MS)
        for (const [scene] of all) expect(scene, 'up', `though ${weather.endpoint} is back`)
      }
      for (const [scene] of all) cloud.sky.losses(scene)
      before = modes()
    },

    /** After a wave. @param seen what was answered in it */
    async end(seen: readonly Exchange[]): Promise<void> {
      if (weather === undefined) return
      if (weather.kind === 'throttled') {
        for (const [scene] of all) expect(scene, 'up', 'though the cloud only asked it to come less often')
        const easier = seen.find(({ status, text }) => status === 200 && text.startsWith('{"success":0'))
        if (easier) throw new Error(`${easier.path} gave out ${easier.text} though the cloud is up`)
        return
      }
      const { endpoint } = weather
      for (const [scene] of all) {
        const isAsked = endpoint === 'validate' || scenes[scene].version === 3
        if (!cloud.sky.lasts || endpoint === 'load' || !isAsked) expect(scene, 'up', `though only ${endpoint} fails`)
        else await expectNotice(scene, endpoint)
      }
    },
  }
}
