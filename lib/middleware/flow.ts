import type { Request } from 'express'
import { readAnswer } from '../answer'
import type { Captcha, Verdict } from '../captcha'
import type { RegisterResponse } from '../client'
import type { CoreSettings } from '../core'
import { GeetestError, isReason } from '../errors'
import { browserCloud } from '../origin'
import { bodyOf } from './body'
import type { GeetestOptions, GuardOptions } from './options'
import { holderOf, noteStatus, noteUser, sessionOf } from './session'
import { visitorOf } from './visitor'

/** What `GET /getcaptcha` answers; `api_server` and `protocol` only where the browser must use another cloud. */
export interface Issue extends RegisterResponse {
  readonly api_server?: string
  readonly protocol?: string
}

/** The acts on a request instead of on plain values. */
export interface Flow {
  /** The name of what this scene asks for in an outage. */
  readonly provider: string
  /**
   * @param wholeRequest the request is for this and nothing else, so the session may be read anew after the wait
   * Rejects with `store_error`, with `downtime_denied` where a budget is used up, and where the user's own code throws.
   */
  readonly issue: (req: Request, wholeRequest?: boolean) => Promise<Issue>
  /** The three fields, or a pass instead of them. Rejects for setup mistakes, and where the user's own code throws. */
  readonly check: (req: Request, downtime?: GuardOptions['downtime']) => Promise<Verdict>
  /** The three fields alone; a success leaves a pass. Rejects as `check` does. */
  readonly checkAnswer: (req: Request) => Promise<Verdict>
}

export function createFlow(
  captcha: Captcha,
  page: Pick<CoreSettings, 'captchaId' | 'newCaptcha' | 'apiServer' | 'downtime'>,
  { userId, clientType }: Pick<GeetestOptions, 'userId' | 'clientType'>,
  random: (size: number) => Buffer,
): Flow {
  const fixed = { gt: page.captchaId, new_captcha: page.newCaptcha, ...browserCloud(page.apiServer) }

  async function issue(req: Request, wholeRequest = false): Promise<Issue> {
    const holder = holderOf(req, userId, random)
    const visitor = visitorOf(req, clientType)
    await noteUser(req, holder.user)
    const { success, challenge } = await captcha.issue(holder, visitor)
    await noteStatus(req, success, wholeRequest)
    return { success, challenge, ...fixed }
  }

  async function verify(req: Request, withoutAnswer: (session: string) => Promise<Verdict>): Promise<Verdict> {
    const session = sessionOf(req)
    const answer = readAnswer(await bodyOf(req))
    return answer === 'absent' ? withoutAnswer(session) : captcha.verify(answer, session, visitorOf(req, clientType))
  }

  async function check(req: Request, downtime?: GuardOptions['downtime']): Promise<Verdict> {
    const verdict = await verify(req, (session) =>
      downtime === 'allow' ? captcha.spendPassOrAllow(session) : captcha.spendPass(session),
    )
    return downtime === undefined ? verdict : captcha.narrow(verdict, downtime)
  }

  async function checkAnswer(req: Request): Promise<Verdict> {
    const verdict = await verify(req, (session) => captcha.verify('missing', session, {}))
    if (verdict.ok) await captcha.leavePass(verdict, sessionOf(req))
    return verdict
  }

  return {
    provider: typeof page.downtime === 'string' ? page.downtime : page.downtime.name,
    issue,
    check: (req, downtime) => asVerdict(check(req, downtime)),
    checkAnswer: (req) => asVerdict(checkAnswer(req)),
  }
}

/** A reason that was thrown (a body that cannot be parsed, a store that fails) is a verdict too; setup mistakes are not. */
async function asVerdict(verdict: Promise<Verdict>): Promise<Verdict> {
  try {
    return await verdict
  } catch (error) {
    if (GeetestError.is(error) && isReason(error.code)) return { ok: false, code: error.code }
    throw error
  }
}
