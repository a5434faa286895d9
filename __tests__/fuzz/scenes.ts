import type { Setup } from './batch'

/** Requests that one solve opens a guard of that scene for. */
export const USES = { login: 1, comment: 3 } as const
export type Scene = keyof typeof USES
export type Version = 3 | 4

/** What a scene is guarded with. */
export interface Guarded {
  readonly version: Version
  readonly captchaId: string
}
export type Scenes = Readonly<Record<Scene, Guarded>>

/** The accounts at the cloud. They share one key, so that nothing but id and scene keeps them apart. */
export const IDS = ['a1'.repeat(16), 'b2'.repeat(16)] as const

export const KEY = 'c3'.repeat(16)

/** @param ids how many captcha ids the two have; an id is of one version */
export const guarded = (login: Version, comment: Version, ids: 1 | 2): Scenes => ({
  login: { version: login, captchaId: IDS[0] },
  comment: { version: comment, captchaId: IDS[ids === 1 ? 0 : 1] },
})

export const sceneOf = (path: string): Scene => (/^\/(other|comment)/i.test(path) ? 'comment' : 'login')

/** What that scene asks for in an outage: `failback` is a rule of version 3, and refused elsewhere. */
export const downtimeOf = ({ downtime, scenes }: Setup, scene: Scene): Setup['downtime'] =>
  downtime === 'failback' && scenes[scene].version === 4 ? 'light' : downtime
