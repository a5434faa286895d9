import type { Cause, Judgement, Registration } from './cloud'

/** What is asked of the cloud. */
export type CallKind = 'register' | 'validate' | 'probe'
/** How a call ended, and after how many seconds. */
export type CallEnded = (call: CallKind, outcome: 'ok' | 'rejected' | Cause, seconds: number) => void

/** The last two are a look's: why the cloud does not answer as it should, or nothing. */
type Reply = Registration | Judgement | Cause | undefined

/** Times what is asked of the cloud, whichever its version. */
export function timing(now: () => number, ended: CallEnded) {
  return async <R extends Reply>(call: CallKind, reply: Promise<R>): Promise<R> => {
    const begun = now()
    const came = await reply
    ended(call, outcomeOf(came), secondsSince(begun, now))
    return came
  }
}

function outcomeOf(reply: Reply): 'ok' | 'rejected' | Cause {
  if (typeof reply !== 'object') return reply ?? 'ok'
  if ('cause' in reply) return reply.cause
  return 'verdict' in reply ? reply.verdict : 'ok'
}

/** A clock that is set back meanwhile makes no negative time. */
const secondsSince = (begun: number, now: () => number): number => Math.max(0, now() - begun) / 1000
