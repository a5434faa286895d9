import type { Judgement } from '../cloud'
import type { Report } from '../outage'
import type { Opened } from './edition'

/**
 * Tells how a call ended: once, however many have waited for it, or one lost call would count as many. One that was never made, for
 * too many others, says nothing about the cloud.
 */
export function tellOutage(report: Report, reply: Opened | Judgement): void {
  const cause = 'cause' in reply ? reply.cause : undefined
  if (cause !== 'busy' && !('shared' in reply && reply.shared)) report(cause)
}
