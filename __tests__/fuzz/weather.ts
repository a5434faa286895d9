import * as fc from 'fast-check'
import type { World } from '../support/world'
import type { Fault } from './faults'
import type { Scene, Scenes } from './scenes'

/** One endpoint of the cloud fails for some waves, and the others live. `load` is the page's, of version 4. */
export interface HalfOutage {
  readonly kind: 'half'
  readonly endpoint: 'register' | 'validate' | 'load'
  /** `silent`: nothing is heard until the connection breaks. */
  readonly manner: 'silent' | 'broken' | 'status' | 'garbage'
  /** The first wave of it, and how many there are. */
  readonly from: number
  readonly waves: number
}

/** From the first wave on the cloud takes so many calls a second, and answers all others 429: who came before has something to send. */
export interface Throttling {
  readonly kind: 'throttled'
  readonly perSecond: number
  /** What its Retry-After says; absent: it says nothing. */
  readonly retryAfter: string | undefined
}

/** What is wrong with the cloud for longer than one call. */
export type Weather = HalfOutage | Throttling

export const RETRY_AFTER = ['0', '1', '7', '86400', 'Thu, 01 Jan 1970 00:00:00 GMT', 'soon'] as const

export const anyHalfOutage = (): fc.Arbitrary<Weather> =>
  fc.record({
    kind: fc.constant('half' as const),
    endpoint: fc.oneof(
      { weight: 4, arbitrary: fc.constant('validate' as const) },
      { weight: 2, arbitrary: fc.constant('register' as const) },
      { weight: 1, arbitrary: fc.constant('load' as const) },
    ),
    manner: fc.constantFrom('silent' as const, 'broken', 'status', 'garbage'),
    from: fc.nat(2),
    waves: fc.integer({ min: 2, max: 5 }),
  })

export const anyThrottling = (): fc.Arbitrary<Weather> =>
  fc.record({
    kind: fc.constant('throttled' as const),
    perSecond: fc.constantFrom(0, 1, 5, 50),
    retryAfter: fc.constantFrom(undefined, undefined, ...RETRY_AFTER),
  })

/** So long whoever asked a silent cloud waits, by the clock of the site. */
export const SILENCE_MS = 1_000

/** The weather over one cloud, as it is at the moment. */
export interface Sky {
  /** What a call to that path meets, if anything. */
  meets(scene: Scene, path: string): Fault | undefined
  /** A call of a visitor's was lost in a half outage. */
  lose(scene: Scene): void
  /** How many were since this was asked last. */
  losses(scene: Scene): number
  /** From now on it is that wave. */
  begin(wave: number): void
  /** Whether a half outage lasts. */
  readonly lasts: boolean
  /** Whether a page can load a captcha of version 4. */
  readonly loads: boolean
  /** Lets everything through for a while, or no longer. */
  clear(isClear: boolean): void
}

const MANNERS: Record<HalfOutage['manner'], Fault> = {
  silent: { fault: 'silence' },
  broken: { fault: 'break' },
  status: { fault: 'answer', status: 502, headers: {}, body: '' },
  garbage: { fault: 'answer', status: 200, headers: {}, body: '<h1>Welcome to the hotel' },
}

export function createSky(weather: Weather | undefined, scenes: Scenes, { now }: Pick<World, 'now'>): Sky {
  const lost: Record<Scene, number> = { login: 0, comment: 0 }
  let wave = -1
  let isClear = false
  let second = -1
  let taken = 0

  const isHalf = (): boolean => weather?.kind === 'half' && wave >= weather.from && wave < weather.from + weather.waves

  function isDead(half: HalfOutage, scene: Scene, path: string): boolean {
    const paths = scenes[scene].version === 3 ? ['/register.php', '/validate.php'] : ['', '/validate']
    return path.split('?')[0] === paths[Number(half.endpoint === 'validate')] && half.endpoint !== 'load'
  }

  /** Counts by the second, as the vendor's gateway does. */
  function isTooMany({ perSecond }: Throttling): boolean {
    const here = Math.floor(now() / 1000)
    if (here !== second) [second, taken] = [here, 0]
    return ++taken > perSecond
  }

  return {
    meets(scene, path) {
      if (isClear || weather === undefined) return undefined
      if (weather.kind === 'half') return isHalf() && isDead(weather, scene, path) ? MANNERS[weather.manner] : undefined
      if (wave < 0 || !isTooMany(weather)) return undefined
      const { retryAfter } = weather
      const headers: Record<string, string> = retryAfter === undefined ? {} : { 'Retry-After': retryAfter }
      return { fault: 'answer', status: 429, headers, body: '' }
    },
    lose: (scene) => void (lost[scene] += 1),
    losses(scene) {
      const losses = lost[scene]
      lost[scene] = 0
      return losses
    },
    begin: (now) => void (wave = now),
    get lasts() {
      return isHalf()
    },
    get loads() {
      return !(weather?.kind === 'half' && weather.endpoint === 'load' && isHalf())
    },
    clear: (clear) => void (isClear = clear),
  }
}
