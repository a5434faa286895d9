import type { Version } from '../../../index'

/** Which cloud, and as whom. */
export interface Target {
  readonly version: Version
  readonly apiServer: string
  readonly captchaId: string
  readonly digest: string
  /** Deadline of one call, in milliseconds, where it is known. */
  readonly timeout: number | undefined
  /** A challenge that the site has registered there. Version 3 only. */
  readonly challenge: string | undefined
}
