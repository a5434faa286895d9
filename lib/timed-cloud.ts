import type { Cause, Cloud, Judgement, Registration } from './cloud'

/** How a call ended, and after how many seconds. */
export type CallEnded = (call: keyof Cloud, outcome: 'ok' | 'rejected' | Cause, seconds: number) => void

/** The same cloud, whose calls are timed. */
export function timedCloud(cloud: Cloud, now: () => number, ended: CallEnded): Cloud {
  async function timed<Reply extends Registration | Judgement>(
    call: keyof Cloud,
    reply: Promise<Reply>,
  ): Promise<Reply> {
    const begun = now()
    const came = await reply
    ended(call, outcomeOf(came), secondsSince(begun, now))
    return came
  }

  return {
    register: (visitor) => timed('register', cloud.register(visitor)),
    validate: (answer, visitor) => timed('validate', cloud.validate(answer, visitor)),
  }
}

function outcomeOf(reply: Registration | Judgement): 'ok' | 'rejected' | Cause {
  if ('cause' in reply) return reply.cause
  return 'verdict' in reply ? reply.verdict : 'ok'
}

/** A clock that is set back meanwhile makes no negative time. */
const secondsSince = (begun: number, now: () => number): number => Math.max(0, now() - begun) / 1000
