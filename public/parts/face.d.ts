import type { GeetestConfig, GeetestStatus } from '../gt'

/**
 * The part in which widgets differ: what the visitor has to do. `createCaptcha` gives it a host when it is made; it draws
 * into `host.panel` and tells the host what happens.
 */
export interface Face {
  /** Short text at the right end of the bar. Default: none. */
  readonly mark?: string
  /** Milliseconds after which a round is too old and the next one begins. Default: it never is. */
  readonly lifetime?: number
  /** Gets the first round; answers with `host.ready` or `host.error`. */
  readonly load: () => void
  /** Gets another round; answers likewise. What an earlier request still brings must be dropped. */
  readonly reset: () => void
  /** The panel has become visible: take the focus, measure. Not called for a panel that always stands in the page. */
  readonly open: () => void
  /** The page allows or forbids the visitor to act. */
  readonly enable?: (enabled: boolean) => void
  /** Takes the refresh button away. */
  readonly hideRefresh?: () => void
  /** Stops everything under way. */
  readonly destroy?: () => void
}

/** What a face may use. */
export interface Host {
  readonly config: GeetestConfig
  /** Give it an `aria-label`: it may become a dialog. */
  readonly panel: HTMLElement
  /** The panel stands in the page; it is not opened and closed. */
  readonly inPlace: boolean
  /** The round can be played. */
  readonly ready: () => void
  /** The visitor has passed: fills the form, closes the panel. */
  readonly pass: (challenge: string, validate: string, passtime: number) => void
  /** One try was wrong. Default status: `Fail`. */
  readonly fail: (status?: GeetestStatus) => void
  /** The visitor asked for another puzzle and has it. */
  readonly refreshed: () => void
  /** Something broke: the NN of "error_NN", a message for developers, words for people. */
  readonly error: (number: string, msg: string, text?: string) => void
  /** The visitor leaves. */
  readonly close: () => void
  /** The visitor wants another round after an error. */
  readonly retry: () => void
}
