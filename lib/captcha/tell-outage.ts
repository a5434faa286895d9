import { isLost, type Cause, type Judgement } from '../cloud'
import type { Report } from '../outage'
import type { Opened } from './edition'

/** Causes that say nothing of how the cloud is: this machine's own, and its asking us to come less often. */
type Silent = 'busy' | 'throttled'
export const isSilent = (cause: Cause | undefined): cause is Silent => cause === 'busy' || cause === 'throttled'

/**
 * Tells how a call ended: once, however many have waited for it, or one lost call would count as many.
 *
 * @param shaped a visitor had a say in what was sent, so that its loss proves nothing
 */
export function tellOutage(report: Report, reply: Opened | Judgement, shaped = false): void {
  if (says(reply, 'shared')) return
  const lost = isLost(reply) ? reply : undefined
  const cause = lost?.cause
  if (lost?.late) report.unseen()
  else if (!isSilent(cause)) report(cause, shaped || says(reply, 'shaped'))
}

/** By a member of its own, not by what all objects have inherited. */
const says = (reply: object, name: 'shared' | 'shaped'): boolean =>
  Object.hasOwn(reply, name) && (reply as { shared?: boolean; shaped?: boolean })[name] === true

/** How many seconds a visitor is asked to wait where it is not the cloud that fails, and nothing is used up. */
export function secondsToWait(reply: Opened | Judgement): number | undefined {
  if (!isLost(reply) || !isSilent(reply.cause)) return undefined
  return Math.max(1, Math.ceil((reply.retryAfter ?? 0) / 1000))
}
