import type { NextFunction, Request, Response } from 'express'
import type { BudgetOptions } from '../fairness/budget'
import type { BypassSettings } from '../bypass'
import type { PrefetchSettings } from '../captcha'
import type { ClientType } from '../cloud'
import type { DowntimeName, DowntimeProvider } from '../downtime'
import type { GeetestError } from '../errors'
import type { GeetestEvent } from '../events'
import type { CloudOptions, Version } from '../options'
import type { TicketStore } from '../tickets'

/** Answers a visitor who did not pass, instead of `next(error)`. */
export type OnDeny = (error: GeetestError, req: Request, res: Response, next: NextFunction) => void

/**
 * Where the fields of an answer are: the object that has them, `undefined` where there is none. May return a promise. Called once for each
 * request, after a form or JSON body has been parsed into `req.body`.
 */
export type AnswerOf = (req: Request) => unknown

/** Options of `geetest`. */
export interface GeetestOptions extends CloudOptions {
  /**
   * The vendor's version that the captcha id is of: 3 (default) or 4, which new accounts have. With 4, `apiServer` is by default
   * `https://gcaptcha4.geetest.com`, a store needs `claim`, and `digest`, `newCaptcha`, `prefetch`, `bypass`, `resets` and
   * `downtime: 'failback'` are refused: they are about version 3. The cloud of version 4 is told nothing of the visitor.
   */
  readonly version?: Version | undefined
  /**
   * What the captcha guards, when one app has several: `login`, `comment`. A challenge or pass of one scene is worth
   * nothing in another. Default `default`; letters, digits, `.`, `_` and `-`, at most 64.
   */
  readonly scene?: string | undefined
  /**
   * A label of the visitor for the vendor's analysis, sent as `user_id`. Default: random, kept in the session. Nobody's
   * name or address belongs here; a hash of an account number does.
   */
  readonly userId?: ((req: Request) => string | number | undefined) | undefined
  /** What the visitor uses: `web`, `h5`, `native` or `unknown`. Default: `h5` for a phone's user agent, else `web`. */
  readonly clientType?: ((req: Request) => ClientType) | undefined
  /**
   * What visitors are asked for while the cloud is down. Default `proof-of-work`: a bounded cost per attempt.
   * `failback`: the vendor's offline rule, which anyone can compute. `deny`: nobody passes. `allow`: everybody does, and
   * each is an event. Or a provider of your own.
   */
  readonly downtime?: DowntimeName | DowntimeProvider | undefined
  /** Limits by the minute while the cloud is down, see `BudgetOptions` for the defaults; `false`: none. */
  readonly budgets?: BudgetOptions | false | undefined
  /**
   * Looks at the vendor's status page too. Default `false`; `true`: every 10 seconds. `url`: default the vendor's, or the
   * private cloud's own. `interval`: milliseconds from 1000 to 600000.
   */
  readonly bypass?: boolean | Partial<BypassSettings> | undefined
  /**
   * Registers challenges before anybody asks for them, so that nobody waits for a far cloud. Default `false`. `true`: as many as
   * visitors asked for in the last minute, at most 50; `stock`: another limit, from 1 to 1000. A challenge lies in stock for at most
   * two of its ten minutes. The cloud is then told of the visitor (`user_id`, kind of client, address) with the answer alone.
   */
  readonly prefetch?: boolean | Partial<PrefetchSettings> | undefined
  /**
   * Whether an answer is accepted that follows the widget's own `reset()`, for which the cloud makes a challenge that this site has not
   * registered. Default `true`: behind each answer that the cloud has said yes to, the same session may give five more, within the ten
   * minutes of the first, where the cloud has signed them, says yes to each, and the challenge was certainly issued to nobody. That is
   * known of every plugin that keeps its tickets in the same store or in the same process; a site that uses the captcha id elsewhere, with
   * a store of its own, writes `false`. A store of your own needs `claim` and `knows` for it. Version 4 needs no such word.
   */
  readonly resets?: boolean | undefined
  /** Where tickets and passes live. Default: a `MemoryStore`, which serves one process. */
  readonly store?: TicketStore | undefined
  /**
   * Where guards and `verify` look for the fields: the object that has them, such as `(req) => req.body?.variables` with GraphQL. Default: the
   * parsed body. Where it throws, the request ends in 500 `invalid_option`. `POST /validate` reads its own body in any case.
   */
  readonly answer?: AnswerOf | undefined
  /** Answers a denied request at every guard of this plugin. Default: `next(error)`. */
  readonly onDeny?: OnDeny | undefined
  /**
   * What the cloud is told as `user_id`. `hash` (default): a keyed hash of the label, by which the vendor can recognise a
   * visitor and nobody can find out who it is. `raw`: the label itself. `none`: nothing.
   */
  readonly sendUserId?: 'hash' | 'raw' | 'none' | undefined
  /** Whether the cloud is told the visitor's address. Default `true`. */
  readonly sendAddress?: boolean | undefined
  /**
   * Origins of other sites whose pages belong to this one and may spend its visitors' passes, such as
   * `https://app.example.com`, or of apps, such as `capacitor://localhost`. Default none: a pass is refused to cross-site requests. Answers need no such word.
   */
  readonly origins?: readonly string[] | undefined
  /**
   * Which nodes belong together: those of one captcha id and `site` that share a store tell each other of themselves every few seconds, and must
   * not differ in key, scenes, versions, prefix or clock. Default `default`. Other services with the same id, on the same Redis, have another
   * name; letters, digits, `.`, `_` and `-`, at most 64. `false`: nothing is told and compared.
   */
  readonly site?: string | false | undefined
  /**
   * Whether the process is warned of changes of state, one line each: the cloud counts as down or up (`GEETEST_CLOUD`), the ticket store fails
   * or works again (`GEETEST_STORE`), nodes of the site differ (`GEETEST_NODES`). Default `true`; `false`: it is for those who have alerts.
   */
  readonly warnings?: boolean | undefined
  /**
   * Told of every issue, verdict, call to the cloud, order and change of the cloud's state. Gets no secret and nothing about the
   * visitor. The same events are published on `node:diagnostics_channel`, see `channelNames`.
   */
  readonly onEvent?: ((event: GeetestEvent) => void) | undefined
}

/** Options of `captcha.verify(req, options)`, and of a guard. */
export interface VerifyOptions {
  /**
   * Requests that one solved captcha opens this guard for: the first, and so many more without the three fields, so that a
   * mistyped password costs no new captcha. Default 1; from 1 to 10. Counted atomically; worth nothing in another session or
   * scene, at a guard without `uses`, and after `req.session.regenerate()`.
   */
  readonly uses?: number | undefined
  /** For how long after the solve, in seconds. Default 120; from 1 to 3600. A pass of POST /validate ends after 120 in any case. */
  readonly seconds?: number | undefined
  /**
   * What this guard makes of an outage. Default: it accepts whatever its scene asks for. The name of the scene's provider:
   * only answers that this provider judged, or the cloud. `deny`: only the cloud's. `allow`: while the cloud is down everybody passes
   * who sends no answer, and each is an event.
   */
  readonly downtime?: DowntimeName | (string & {}) | undefined
  /** Where this guard looks for the fields. Default: where the plugin's `answer` says, else the parsed body. */
  readonly answer?: AnswerOf | undefined
  /**
   * Whether the fields are removed from where they were found, whatever the verdict: for handlers that refuse fields which they do not know,
   * and logs of bodies. Default `false`. The names are the constants `FN_…` of this package.
   */
  readonly take?: boolean | undefined
}

/** Options of a guard, `captcha.validate(options)`. */
export interface GuardOptions extends VerifyOptions {
  /** Answers a denied request at this guard. Default: the plugin's `onDeny`. */
  readonly onDeny?: OnDeny | undefined
}

/**
 * A guard: middleware for requests of every type, so that the handlers behind it keep the types of their parameters, bodies and queries.
 */
export interface Guard {
  // What a record of locals holds is the site's own business.
  // oxlint-disable-next-line typescript/no-explicit-any -- as Express's own types have it
  <P, ResBody, ReqBody, ReqQuery, Locals extends Record<string, any>>(
    req: Request<P, ResBody, ReqBody, ReqQuery, Locals>,
    res: Response<ResBody, Locals>,
    next: NextFunction,
  ): void
}

/** A request of Express, whatever the types of its parameters, body and query. */
// oxlint-disable-next-line typescript/no-explicit-any -- what is asked of it has nothing to do with them
export type AnyRequest = Request<any, any, any, any, any>
