import type { Cause } from './cloud'
import type { Reason } from './errors'
import type { CloudStatus } from './outage'
import type { Mode } from './tickets'

/** What the plugin tells `onEvent`. Nothing of ours in it is secret or personal: no key, answer, address or user. */
export type GeetestEvent =
  | { readonly type: 'issue'; readonly scene: string; readonly mode: Mode; readonly cause?: Cause }
  | {
      readonly type: 'verify'
      readonly scene: string
      readonly via: 'answer' | 'pass'
      readonly outcome: 'ok' | Reason
    }
  /** The store threw this; the visitor got `store_error`. */
  | { readonly type: 'store'; readonly scene: string; readonly error: unknown }
  | ({ readonly type: 'cloud'; readonly scene: string } & CloudStatus)

export type Emit = (event: GeetestEvent) => void

/** Calls the user's listener so that its mistakes stay its own: an exception becomes one process warning. */
export function emitter(listener: Emit | undefined): Emit {
  if (listener === undefined) return () => undefined
  return (event) => {
    try {
      listener(event)
    } catch (error) {
      process.emitWarning(`onEvent threw on ${event.type}: ${String(error)}`, { code: 'GEETEST_ON_EVENT' })
    }
  }
}
