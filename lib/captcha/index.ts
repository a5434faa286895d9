import { issuing } from './issue'
import type { CaptchaParts } from './parts'
import { verifying } from './verify'

export type { Holder, Issued } from './issue'
export type { CaptchaParts } from './parts'
export type { Denial, Success, Verdict } from './verify'

/** The two acts, on plain values, and the passes between them. They reject with a `GeetestError` and with nothing else. */
export const createCaptcha = (parts: CaptchaParts) => ({ issue: issuing(parts), ...verifying(parts) })

export type Captcha = ReturnType<typeof createCaptcha>
