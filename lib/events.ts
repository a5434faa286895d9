import { inspect } from 'node:util'
import type { Reason } from './errors'
import type { CloudStatus } from './outage'
import type { Mode } from './tickets'

/** What the plugin tells `onEvent`. What is ours in it is neither secret nor personal: no key, answer, address or user. */
export type GeetestEvent =
  /**
   * A challenge was issued; `cause` says why it is not an online one. With `prefetch`: `stocked` whether it came from the
   * stock, `stock` how many are left there.
   */
  | {
      readonly type: 'issue'
      readonly scene: string
      readonly mode: Mode
      readonly cause?: string
      readonly stocked?: boolean
      readonly stock?: number
    }
  /** An answer or a pass was judged. */
  | {
      readonly type: 'verify'
      readonly scene: string
      readonly via: 'answer' | 'pass'
      readonly outcome: 'ok' | Reason
      readonly mode?: Mode
    }
  /** Somebody passed unverified, because that is what this scene or guard does while the cloud is down. */
  | { readonly type: 'allowed'; readonly scene: string }
  /** A downtime budget is used up, and a visitor was told to wait. */
  | { readonly type: 'budget'; readonly scene: string; readonly act: 'issue' | 'verify'; readonly seconds: number }
  /** The store threw this, as it came from the driver; the visitor got `store_error`. */
  | { readonly type: 'store'; readonly scene: string; readonly error: unknown }
  /** The cloud went down or came back, with the cause. */
  | ({ readonly type: 'cloud'; readonly scene: string } & CloudStatus)

export type Emit = (event: GeetestEvent) => void

/** Calls the user's listener so that its mistakes stay its own: an exception becomes one process warning. */
export function emitter(listener: Emit | undefined): Emit {
  if (listener === undefined) return () => undefined
  return (event) => {
    const warn = (error: unknown): void =>
      process.emitWarning(`onEvent failed on ${event.type}: ${inspect(error)}`, { code: 'GEETEST_ON_EVENT' })
    try {
      // The type asks for void; a listener may be async all the same, and its rejection would end the process.
      const returned: unknown = listener(event)
      Promise.resolve(returned).catch(warn)
    } catch (error) {
      warn(error)
    }
  }
}
