import { guarding } from './guard'
import { issuing } from './issue'
import type { CaptchaParts } from './parts'

export type { Terms } from './guard'
export type { Holder, Issued } from './issue'
export type { Asker, Sender } from './asker'
export type { CaptchaParts } from './parts'
export { disclosing, userIdForms, type DisclosureSettings } from './disclosure'
export { PASS_SECONDS } from './passes'
export { resolvePrefetch, type PrefetchSettings } from './prefetch'
export type { CallsQueued } from './shared-calls'
export { createStock } from './stock'
export { createSuccessors } from './successors'
export { createUpstream } from './upstream'
export type { Denial, Success, Verdict } from './verdict'

/** The acts, on plain values. They reject with a `GeetestError` and with nothing else. */
export const createCaptcha = <A extends object>(parts: CaptchaParts<A>) => ({
  issue: issuing(parts),
  ...guarding(parts),
})

export type Captcha = ReturnType<typeof createCaptcha>
