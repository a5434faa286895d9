import type { Answer } from '../answer'
import type { AnswerV4 } from '../answer/v4'
import type { Cloud, Judgement, Lost, Registration, Visitor } from '../cloud'
import type { CloudV4, DetailedJudgement } from '../cloud/v4'
import { createCallGate, REFUSED, type Caller, type CallGate, type OWN } from '../fairness/call-gate'
import { createPace, type Pace } from '../fairness/pace'
import { createTally, type Waits } from '../fairness/tally'
import { MAX_CALLS } from '../http'
import type { CallEnded } from '../timed-cloud'

/** Kinds of calls that visitors cause, each with as many at once as the cloud is sent. */
export type SharedCall = 'register' | 'validate'

/** Visitors had to wait for calls of this kind or were refused; and how many calls a second begin, where the cloud takes no more. */
export type CallsQueued = (call: SharedCall, waits: Waits, pace: number | undefined) => void

/** The cloud, whose calls are shared out among those who cause them. */
export interface SharedCloud {
  register(visitor: Visitor, caller: Caller | typeof OWN): Promise<Registration>
  validate(answer: Answer, visitor: Visitor, caller: Caller): Promise<Judgement>
}

/** The same of version 4, where looking costs one call for all and is shared out among nobody. */
export interface SharedCloudV4 extends Pick<CloudV4, 'look'> {
  validate(answer: AnswerV4, caller: Caller): Promise<DetailedJudgement>
}

export interface SharingParts {
  /** Milliseconds that a call may take, and that a caller may wait for one. */
  readonly timeout: number
  readonly now: () => number
  readonly later: (ms: number, act: () => void) => () => void
  readonly ended: CallEnded
  readonly queued: CallsQueued
}

type Share = <Reply extends object>(
  caller: Caller | typeof OWN,
  call: () => Promise<Reply>,
) => Promise<Reply | typeof REFUSED>

/** 0 where the cloud says that it gets too many calls, and nothing more. */
function throttledFor(reply: object): number | undefined {
  const { cause, retryAfter = 0 } = reply as Partial<Lost>
  return cause === 'throttled' ? retryAfter : undefined
}

function sharing(kind: SharedCall, pace: Pace, { timeout, now, later, ended, queued }: SharingParts): Share {
  const onWait = createTally(later, (waits) => queued(kind, waits, pace.limit()))
  const gate: CallGate = createCallGate({ places: MAX_CALLS, timeout, pace, throttledFor, now, later, onWait })
  return async (caller, call) => {
    const reply = await gate.run(caller, call)
    if (reply === REFUSED) ended(kind, 'busy', 0)
    return reply
  }
}

/**
 * Shares out both kinds of calls of version 3. What the cloud takes a second goes for both together; of those who wait for it, answers go
 * first: their visitors have solved something.
 */
export function shareCalls(cloud: Pick<Cloud, 'register' | 'validate'>, parts: SharingParts): SharedCloud {
  const pace = createPace(parts)
  const judged = sharing('validate', pace, parts)
  const registered = sharing('register', pace, parts)
  return {
    register: (visitor, caller) => registered(caller, () => cloud.register(visitor)),
    validate: (answer, visitor, caller) => judged(caller, () => cloud.validate(answer, visitor)),
  }
}

export function shareCallsV4(cloud: CloudV4, parts: SharingParts): SharedCloudV4 {
  const judged = sharing('validate', createPace(parts), parts)
  return {
    look: () => cloud.look(),
    validate: (answer, caller) => judged(caller, () => cloud.validate(answer)),
  }
}
