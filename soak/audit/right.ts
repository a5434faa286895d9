import type { AnswerFields, CaptchaEvent } from 'express-geetest/simulator'
import { isWork } from '../../__tests__/support/work'
import type { Issued } from '../crowd/visitor'

/** The part of a challenge that stays, however the answer ends. */
export const idOf = (challenge: string): string => challenge.slice(0, 32)

/** Who was let in with it, for what. */
export interface Claim {
  readonly fields: AnswerFields
  readonly session: string | undefined
  readonly scene: string
}

/** Why a claim must not be accepted; `undefined` where nothing is wrong with it. */
export type Fault = string | undefined

/** Judges claims by what the crowd was given, and by the cloud's own ledger. */
export function judging(issues: ReadonlyMap<string, Issued>, events: readonly CaptchaEvent[]): (claim: Claim) => Fault {
  const ledger = new Map(events.map((event) => [event.challenge, event]))
  return ({ fields, session, scene }) => {
    const issued = issues.get(idOf(fields.geetest_challenge))
    if (issued === undefined) return 'its challenge was never issued'
    if (issued.session !== session) return 'its challenge is of another session'
    if (issued.scene !== scene) return `its challenge is of scene ${issued.scene}`
    if (issued.online) return byLedger(ledger.get(issued.challenge), fields)
    return isWork(fields) ? undefined : 'the work was not done'
  }
}

/** Why the cloud would not stand by an answer. */
function byLedger(event: CaptchaEvent | undefined, fields: AnswerFields): Fault {
  if (event?.solved === undefined) return 'the cloud does not know it as solved'
  const { challenge, validate, seccode } = event.solved
  const { geetest_challenge, geetest_validate, geetest_seccode } = fields
  const same = challenge === geetest_challenge && validate === geetest_validate && seccode === geetest_seccode
  if (!same) return 'the cloud knows it by another solution'
  return event.redeemed ? undefined : 'the cloud was never asked'
}
