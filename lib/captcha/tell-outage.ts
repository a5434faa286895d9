import type { Judgement, Registration } from '../cloud'
import type { Report } from '../outage'

/** Tells how a call ended. One that was never made, for too many others, says nothing about the cloud. */
export function tellOutage(report: Report, reply: Registration | Judgement): void {
  const cause = 'cause' in reply ? reply.cause : undefined
  if (cause !== 'busy') report(cause)
}
