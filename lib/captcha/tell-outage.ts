import type { Cause, Judgement } from '../cloud'
import type { Report } from '../outage'
import type { Opened } from './edition'

/** The cloud was not asked, or would not look at it: no call is lost, nothing is burnt, and whoever asked may ask again. */
const PUT_OFF: ReadonlySet<Cause> = new Set<Cause>(['busy', 'throttled'])

/** After how many seconds whoever asked may ask again, where that is all that is wrong. */
export function putOff(reply: Opened | Judgement): number | undefined {
  return 'cause' in reply && PUT_OFF.has(reply.cause) ? 1 : undefined
}

/**
 * Tells how a call ended: once, however many have waited for it, or one lost call would count as many. One that was put
 * off, here or by a cloud that gets too many, says nothing about the cloud.
 */
export function tellOutage(report: Report, reply: Opened | Judgement): void {
  const cause = 'cause' in reply ? reply.cause : undefined
  if (putOff(reply) === undefined && !('shared' in reply && reply.shared)) report(cause)
}
