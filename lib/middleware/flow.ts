import type { Request } from 'express'
import { readAnswer } from '../answer'
import type { Captcha, Verdict } from '../captcha'
import type { RegisterResponse } from '../client'
import { GeetestError, isReason, type Reason } from '../errors'
import { browserCloud } from '../origin'
import { bodyOf } from './body'
import type { GeetestOptions } from './options'
import { holderOf, noteIssue, sessionOf } from './session'
import { visitorOf } from './visitor'

/** What `GET /getcaptcha` answers; `api_server` and `protocol` only where the browser must use another cloud. */
export interface Issue extends RegisterResponse {
  readonly api_server?: string
  readonly protocol?: string
}

/** The acts on a request instead of on plain values. They reject for setup mistakes only. */
export interface Flow {
  readonly issue: (req: Request) => Promise<Issue>
  /** The three fields, or a pass instead of them. */
  readonly check: (req: Request) => Promise<Verdict>
  /** The three fields alone; a success leaves a pass. */
  readonly checkAnswer: (req: Request) => Promise<Verdict>
}

export function createFlow(
  captcha: Captcha,
  page: { readonly captchaId: string; readonly newCaptcha: boolean; readonly apiServer: string },
  { userId, clientType }: Pick<GeetestOptions, 'userId' | 'clientType'>,
): Flow {
  const fixed = { gt: page.captchaId, new_captcha: page.newCaptcha, ...browserCloud(page.apiServer) }

  async function issue(req: Request): Promise<Issue> {
    const holder = holderOf(req, userId)
    const { success, challenge } = await captcha.issue(holder, visitorOf(req, clientType))
    noteIssue(req, success, holder.user)
    return { success, challenge, ...fixed }
  }

  async function verify(req: Request, withoutAnswer: (session: string) => Promise<Verdict>): Promise<Verdict> {
    const session = sessionOf(req)
    const answer = readAnswer(await bodyOf(req))
    return answer === 'absent' ? withoutAnswer(session) : captcha.verify(answer, session, visitorOf(req, clientType))
  }

  return {
    issue,
    check: (req) => asVerdict(verify(req, (session) => captcha.spendPass(session))),
    checkAnswer: (req) =>
      asVerdict(
        verify(req, (session) => captcha.verify('missing', session, {})).then(async (verdict) => {
          if (verdict.ok) await captcha.leavePass(verdict, sessionOf(req))
          return verdict
        }),
      ),
  }
}

const denied = (code: Reason): Verdict => ({ ok: false, code })

/** A reason that was thrown (a body that cannot be parsed, a store that fails) is a verdict too; setup mistakes are not. */
async function asVerdict(verdict: Promise<Verdict>): Promise<Verdict> {
  try {
    return await verdict
  } catch (error) {
    if (GeetestError.is(error) && isReason(error.code)) return denied(error.code)
    throw error
  }
}
