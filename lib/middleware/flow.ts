import type { Request } from 'express'
import type { Asker, Captcha, Terms, Verdict } from '../captcha'
import type { RegisterResponse } from '../client'
import { browserCloud } from '../origin'
import type { StoreCall } from '../store-call'
import { bodyOf } from './body'
import type { GeetestOptions } from './options'
import { isOwnPage } from './own-page'
import { noteStatus, noteUser, sessionOf, userOf } from './session'
import type { PluginSettings } from './settings'
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
  /** The name of what this scene asks for in an outage. */
  readonly provider: string
  /**
   * @param wholeRequest the request is for this and nothing else, so the session may be read anew after the wait
   * Rejects with `store_error`, with `downtime_denied` where a budget is used up, and where the user's own code throws.
   */
  readonly issue: (req: Request, wholeRequest?: boolean) => Promise<Issue>
  /** The three fields, or a pass instead of them. Rejects for setup mistakes, and where the user's own code throws. */
  readonly check: (req: Request, terms: Terms) => Promise<Verdict>
  /** The three fields alone; a success leaves a pass. Rejects as `check` does. */
  readonly checkAnswer: (req: Request) => Promise<Verdict>
}

export interface FlowParts {
  readonly captcha: Captcha
  readonly settings: PluginSettings
  readonly ask: StoreCall
  readonly random: (size: number) => Buffer
  /** The user's own functions of a request. */
  readonly options: Pick<GeetestOptions, 'userId' | 'clientType'>
}

export function createFlow({ captcha, settings, ask, random, options: { userId, clientType } }: FlowParts): Flow {
  const { version, captchaId, newCaptcha, apiServer, downtime, budgets, origins } = settings
  const fixed = {
    gt: captchaId,
    new_captcha: newCaptcha,
    ...browserCloud(apiServer),
    ...(version === 4 && { version }),
  }

  function read(req: Request): Asker {
    if (budgets !== false) refuseTrustingAll(req)
    const session = sessionOf(req)
    const visitor = visitorOf(req, clientType)
    return { session, visitor, ownPage: isOwnPage(req, origins), label: () => label(req) }
  }

  async function label(req: Request): Promise<string> {
    const user = userOf(req, userId, random)
    await noteUser(req, user, ask)
    return user
  }

  async function issue(req: Request, wholeRequest = false): Promise<Issue> {
    const { session, visitor } = read(req)
    const user = await label(req)
    const { success, challenge } = await captcha.issue({ session, user, visitor })
    await noteStatus(req, success, wholeRequest)
    return { success, challenge, ...fixed }
  }

  async function check(req: Request, terms: Terms): Promise<Verdict> {
    const asker = read(req)
    return captcha.guard(await bodyOf(req), asker, terms)
  }

  async function checkAnswer(req: Request): Promise<Verdict> {
    const asker = read(req)
    return captcha.exchange(await bodyOf(req), asker)
  }

  return {
    provider: typeof downtime === 'string' ? downtime : downtime.name,
    issue,
    check: (req, terms) => captcha.settle('answer', check(req, terms)),
    checkAnswer: (req) => captcha.settle('answer', checkAnswer(req)),
  }
}
