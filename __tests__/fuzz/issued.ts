import type { AnswerFieldsV4 } from '../../lib/simulator'
import type { Guarded, Scene } from './scenes'

/** A challenge that the site gave out, and to whom; or a lot that a page of version 4 loaded, because the site said so. */
export interface Issued extends Guarded {
  /** Of a lot its number. */
  readonly challenge: string
  readonly online: boolean
  readonly scene: Scene
  readonly session: string
  readonly at: number
  /** What its visitor earned from the cloud of version 4. */
  readonly earned?: AnswerFieldsV4
  /** Whether a visitor has answered it already, in whatever way. */
  tried: boolean
  passed: number
  /** The session alone that may still pass with a lot: the one that posted it when the cloud gave no verdict. */
  bound?: string
}

/** A request came through that should not have. */
export class FalsePass extends Error {
  override readonly name = 'a false pass'
}
