import type { Cause } from '../cloud'
import { downtimeNames } from '../downtime'
import { reasons } from '../errors'
import type { UpstreamCall } from '../events'

// Whatever an event says, a label has one of these few values: each value is a time series, kept for as long as the process runs.

/** `other`: what is on no list, such as the word of another version of this package. */
const within =
  (words: readonly string[], otherwise = 'other') =>
  (word: string): string =>
    words.includes(word) ? word : otherwise

const CAUSES: Readonly<Record<Cause, true>> = {
  timeout: true,
  network: true,
  busy: true,
  throttled: true,
  status: true,
  garbage: true,
  id_refused: true,
}
const CALLS: Readonly<Record<UpstreamCall, true>> = { register: true, validate: true, probe: true }
const causes = Object.keys(CAUSES)

const knownMode = within(['online', ...downtimeNames], 'custom')
const knownCause = within([...causes, 'vendor_status'])

/** `custom`: a provider of the user's own; `none`: the answer had no ticket. */
export const modeOf = (mode: string | undefined): string => (mode === undefined ? 'none' : knownMode(mode))
export const outcomeOf = within(['ok', ...reasons])
export const callOf = within(Object.keys(CALLS))
export const upstreamOutcomeOf = within(['ok', 'rejected', ...causes])
export const wordOf = within(['up', 'down', 'lifted'])
export const actOf = within(['issue', 'verify'])

/** An operator's own words stay out; `none`: the cloud answers again, and there is no more to say. */
export function causeOf(cause: string | undefined): string {
  if (cause === undefined) return 'none'
  return cause.startsWith('forced: ') ? 'forced' : knownCause(cause)
}
