import type { Request } from 'express'
import type { Asker, Captcha, Verdict } from '../captcha'
import type { RegisterResponse } from '../client'
import { browserCloud } from '../origin'
import { deriveKey } from '../digest'
import type { StoreCall } from '../store-call'
import type { Ticket } from '../tickets'
import { bodyOf } from './body'
import { fieldsOf } from './fields'
import { firstIssues } from './first-issue'
import { marks } from './marks'
import type { GeetestOptions } from './options'
import { senderOf } from './own-page'
import { factsOf, sessionOf, userOf } from './session'
import { openNote, type SessionNote } from './session-note'
import type { GuardDefaults, GuardSettings, PluginSettings } from './settings'
import { refuseTrustingAll, visitorOf } from './visitor'

/** What `GET /getcaptcha` answers; `api_server` and `protocol` only where the browser must use another cloud. */
export interface Issue extends RegisterResponse {
  readonly api_server?: string
  readonly protocol?: string
  /** 4 where the captcha id is of version 4; `challenge` is empty then unless `success` is 0. */
  readonly version?: 4
}

/** The acts on a request instead of on plain values. */
export interface Flow {
  readonly guards: GuardDefaults
  /** Further origins whose pages may spend a pass. */
  readonly origins: readonly string[]
  /**
   * @param wholeRequest the request is for this and nothing else, so the session may be read anew after the wait
   * Rejects with `store_error`, with `downtime_denied` where a budget is used up, and where the user's own code throws.
   */
  readonly issue: (req: Request, wholeRequest?: boolean) => Promise<Issue>
  /** The three fields, or a pass instead of them. Rejects for setup mistakes, and where the user's own code throws. */
  readonly check: (req: Request, settings: GuardSettings) => Promise<Verdict>
  /** The three fields alone; a success leaves a pass. Rejects as `check` does. */
  readonly checkAnswer: (req: Request) => Promise<Verdict>
}

export interface FlowParts {
  readonly captcha: Captcha
  readonly settings: PluginSettings
  readonly ask: StoreCall
  readonly now: () => number
  /** The user's own functions of a request. */
  readonly options: Pick<GeetestOptions, 'userId' | 'clientType' | 'answer'>
}

export function createFlow({ captcha, settings, ask, now, options }: FlowParts): Flow {
  const { userId, clientType, answer } = options
  const { version, captchaId, newCaptcha, apiServer, downtime, budgets, origins } = settings
  const fixed = {
    gt: captchaId,
    new_captcha: newCaptcha,
    ...browserCloud(apiServer),
    ...(version === 4 && { version }),
  }

  const labelKey = deriveKey(settings.privateKey, 'label 1')
  const first = firstIssues(settings.privateKey, now)

  function read(req: Request): Pick<Asker, 'session' | 'visitor'> {
    if (budgets !== false) refuseTrustingAll(req)
    return { session: sessionOf(req), visitor: visitorOf(req, clientType) }
  }

  async function issue(req: Request, wholeRequest = false): Promise<Issue> {
    const { session, visitor } = read(req)
    const user_id = userOf(req, userId, labelKey)
    const note = await openNote(req, ask, wholeRequest)
    try {
      const { success, challenge } = await captcha.issue({ session, user: user_id, visitor })
      await note.write({ gt_server_status: success, user_id })
      first.note(req, session)
      return { success, challenge, ...fixed }
    } catch (error) {
      await note.skip()
      throw error
    }
  }

  /** Judges an answer, and notes a visitor who has passed with it under a label that the session does not know yet. */
  async function judge(req: Request, whole: boolean, act: (asker: Asker) => Promise<Verdict>): Promise<Verdict> {
    const found = read(req)
    const from = {
      ...found,
      sender: senderOf(req, origins),
      isSibling: (ticket: Ticket) => first.isSibling(req, found.session, ticket),
    }
    let note: SessionNote | undefined = whole ? await openNote(req, ask, whole) : undefined
    let user_id: string | undefined
    async function label(): Promise<string> {
      user_id = userOf(req, userId, labelKey)
      if (factsOf(req)?.user_id !== user_id) note ??= await openNote(req, ask, whole)
      return user_id
    }
    try {
      const verdict = await act({ ...from, label })
      // Who passes has got something; and so has who may send the same answer again, which is kept for this session alone.
      const got = verdict.ok || verdict.code === 'unavailable'
      const gt_server_status = factsOf(req)?.gt_server_status ?? 1
      // An answer that was right is used up: a store that fails now must not send its owner away.
      if (got && user_id !== undefined) await note?.write({ gt_server_status, user_id }).catch(() => undefined)
      else await note?.skip()
      return verdict
    } catch (error) {
      await note?.skip()
      throw error
    }
  }

  function check(req: Request, { terms, ...place }: GuardSettings): Promise<Verdict> {
    marks.asked(req)
    return judge(req, false, async (asker) => captcha.guard(await fieldsOf(req, place, version), asker, terms))
  }

  const checkAnswer = (req: Request): Promise<Verdict> =>
    judge(req, true, async (asker) => captcha.exchange(await bodyOf(req), asker))

  return {
    guards: { provider: typeof downtime === 'string' ? downtime : downtime.name, answer },
    origins,
    issue,
    check: (req, guard) => captcha.settle('answer', check(req, guard)),
    checkAnswer: (req) => captcha.settle('answer', checkAnswer(req)),
  }
}
