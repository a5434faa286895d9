import { isLost, type Cause, type Judgement, type Lost, type Registration } from './cloud'

/** What is asked of the cloud. */
export type CallKind = 'register' | 'validate' | 'probe'
/** How a call ended, and after how many seconds. */
export type CallEnded = (call: CallKind, outcome: 'ok' | 'rejected' | Cause, seconds: number) => void

/** Nothing: a look at a cloud that answers as it should. */
type Reply = Registration | Judgement | Lost | undefined

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
  if (reply === undefined) return 'ok'
  if (isLost(reply)) return reply.cause
  return Object.hasOwn(reply, 'verdict') ? (reply as { verdict: 'ok' | 'rejected' }).verdict : 'ok'
}

/** A clock that is set back meanwhile makes no negative time. */
const secondsSince = (begun: number, now: () => number): number => Math.max(0, now() - begun) / 1000
