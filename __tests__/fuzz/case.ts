import type { Edit } from './raw'
import type { Scene, Version } from './scenes'
import type { Wrap } from './wrap'

/** Whose session a request claims: its visitor's, another's, both, or one that nobody has. */
export type Cookie = 'own' | 'none' | 'other' | 'own, other' | 'other, own' | 'forged' | 'unsigned' | 'junk'

/**
 * Which challenge an answer is about: one that was not answered yet, one that was, another visitor's, the visitor's own of the
 * other scene, or nobody's; `pass`: none where the visitor has something left to spend.
 */
export type Origin = 'pass' | 'fresh' | 'tried' | 'foreign' | 'across' | 'any' | 'made up'

/** What an answer is made of; what stands in one place means about the same in both versions. */
export const FIELDS = {
  3: ['geetest_challenge', 'geetest_validate', 'geetest_seccode'],
  4: ['lot_number', 'captcha_output', 'pass_token', 'gen_time', 'captcha_id'],
} as const satisfies Record<Version, readonly string[]>

/** What is done to the right answer before it is sent; fields by their place, counted round. */
export type Twist =
  | { readonly twist: 'honest' | 'slide' | 'signed' | 'md5' | 'none' }
  | { readonly twist: 'swap' | 'drop' | 'upper'; readonly field: number }
  | { readonly twist: 'set'; readonly field: number; readonly value: unknown }
  | { readonly twist: 'mutate'; readonly field: number; readonly at: number; readonly text: string }

export type Answering = Twist & {
  readonly of: Origin
  readonly pick: number
  /** Whether a scene of the other version is told of it in names that it knows. */
  readonly translated: boolean
}

interface Sent {
  readonly who: number
  readonly cookie: Cookie
  readonly headers: readonly (readonly [string, string])[]
}
export interface IssueCase extends Sent {
  readonly do: 'issue'
  readonly scene: Scene
}
export interface PostCase extends Sent {
  readonly do: 'post'
  readonly method: string
  readonly path: string
  readonly answer: Answering
  readonly wrap: Wrap
}
export interface JunkCase extends Sent {
  readonly do: 'junk'
  readonly method: string
  readonly path: string
  readonly body: string | Uint8Array
}
/** A post whose bytes were tampered with on their way. */
export interface RawCase extends Omit<PostCase, 'do'> {
  readonly do: 'raw'
  readonly edit: Edit
}
/** One HTTP request. */
export type Case = IssueCase | PostCase | JunkCase | RawCase
