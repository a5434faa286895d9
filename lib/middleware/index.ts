import { randomBytes } from 'node:crypto'
import type { Request, RequestHandler, Router } from 'express'
import { createCaptcha, type Success, type Verdict } from '../captcha'
import { createCloud } from '../cloud'
import { failback } from '../downtime/failback'
import { emitter } from '../events'
import { axiosSender } from '../http'
import { MemoryStore } from '../memory-store'
import { createOutage, type CloudStatus } from '../outage'
import { createFlow, type Issue } from './flow'
import { guardWith } from './guard'
import { resolveOptions, type GeetestOptions, type GuardOptions } from './options'
import { routes } from './routes'

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Request {
      /** Set by `captcha.validate()`: how this visitor was verified. */
      geetest?: Success
    }
  }
}

/** The plugin: an Express router, and what a site needs beside its routes. */
export interface Geetest extends Router {
  /**
   * A guard. Lets a request through that carries a right answer or whose session holds a pass, with the verdict on
   * `req.geetest`; everything else goes to `onDeny` or `next(error)` with a `GeetestError`. Fields that are present and
   * wrong are never rescued by a pass.
   */
  readonly validate: (options?: GuardOptions) => RequestHandler
  /** The guard's verdict as a value. Takes the ticket or the pass, as the guard does. */
  readonly verify: (req: Request) => Promise<Verdict>
  /** What `GET /getcaptcha` answers, for pages rendered on the server. Rejects with `store_error` if it cannot be kept. */
  readonly issue: (req: Request) => Promise<Issue>
  /** Live: whether the cloud answers, since when, and why we think so. */
  readonly status: CloudStatus
  /** Ends what runs in the background. May be called twice; nothing keeps the process alive without it either. */
  readonly close: () => void
}

/** The world outside, as arguments; the defaults are the real ones. Tests pass their own. */
export interface Effects {
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** That many unpredictable bytes. */
  readonly random?: (size: number) => Buffer
}

/**
 * Makes the plugin: `app.use(geetest({ captchaId, privateKey }))` mounts `GET /getcaptcha`, `POST /validate` and
 * `GET /gt.js` under wherever it is used. express-session must run before it.
 *
 * @throws GeetestError `invalid_option`, naming the option, what arrived and what to write
 */
export function geetest(options: GeetestOptions, effects: Effects = {}): Geetest {
  const cloudSettings = resolveOptions(options)
  const { captchaId, privateKey, newCaptcha, http, timeout } = cloudSettings
  const { now = Date.now, random = randomBytes } = effects
  const { scene = 'default', downtime = 'failback', onDeny } = options
  const emit = emitter(options.onEvent)
  const outage = createOutage(now, (status) => emit({ type: 'cloud', scene, ...status }))
  const captcha = createCaptcha({
    captchaId,
    privateKey,
    scene,
    cloud: createCloud(cloudSettings, axiosSender(http, timeout)),
    outage,
    downtime: downtime === 'failback' ? failback(newCaptcha, random) : downtime,
    store: options.store ?? new MemoryStore({ now }),
    now,
    random,
    emit,
  })
  const flow = createFlow(captcha, cloudSettings, options)

  // Getters must be defined, not assigned: Object.assign would copy today's status and keep it.
  return Object.defineProperties(routes(flow), {
    validate: { value: (guard: GuardOptions = {}) => guardWith(flow.check, guard, onDeny) },
    verify: { value: flow.check },
    issue: { value: flow.issue },
    status: { get: () => outage.status, enumerable: true },
    close: { value: () => undefined },
  }) as Geetest
}
