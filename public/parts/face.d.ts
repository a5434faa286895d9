import type { GeetestConfig } from '../gt'

/**
 * The part in which widgets differ: what the visitor has to do. `createCaptcha` gives it a host when it is made; it draws
 * into `host.panel` and tells the host what happens.
 */
export interface Face {
  /** Gets the first round; answers with `host.ready` or `host.error`. */
  readonly load: () => void
  /** Gets another round; answers likewise. What an earlier request still brings must be dropped. */
  readonly reset: () => void
  /** The panel has become visible, or the page has asked for the check: take the focus, measure. */
  readonly open: () => void
  /** The panel is closed: after `pass`, or because the visitor leaves. */
  readonly close: () => void
  /** The page allows or forbids the visitor to act. */
  readonly enable: (enabled: boolean) => void
  /** Takes the refresh button away. */
  readonly hideRefresh: () => void
  /** Stops everything under way. */
  readonly destroy: () => void
}

/** What a face may use. */
export interface Host {
  readonly config: GeetestConfig
  /** Give it an `aria-label`: it may become a dialog. */
  readonly panel: HTMLElement
  /** The panel only ever stands in the page; it is not opened and closed. */
  readonly inPlace: boolean
  /** The round can be played. */
  readonly ready: () => void
  /** The visitor has passed: fills the form, closes the panel. */
  readonly pass: (challenge: string, validate: string, passtime: number) => void
  /** Raises an event by the name of its method (`onFail`), with what the handlers get. */
  readonly emit: (name: string, value?: unknown) => void
  /** Something broke: the NN of "error_NN", a message for developers, words for people. */
  readonly error: (number: string, msg: string, text?: string) => void
  /** The visitor leaves. */
  readonly close: () => void
  /** Begins another round: the visitor wants one after an error, or the last one is too old. */
  readonly retry: () => void
}
