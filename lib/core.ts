import { createBudget, noBudget, type BudgetOptions } from './budget'
import { pollBypass, type BypassSettings } from './bypass'
import {
  createCaptcha,
  createStock,
  createUpstream,
  disclosing,
  type CallsQueued,
  type Captcha,
  type DisclosureSettings,
  type PrefetchSettings,
} from './captcha'
import { createClaims } from './claims'
import { providerOf, type DowntimeName, type DowntimeProvider } from './downtime'
import type { Emit } from './events'
import { createHealth, type Health } from './health'
import { axiosSender, type Send } from './http'
import type { CloudSettings } from './options'
import { createOutage, type Order, type Outage } from './outage'
import { sharing } from './sharing'
import { createStoreCall, type StoreCall } from './store-call'
import type { TicketStore } from './tickets'
import type { CallEnded } from './timed-cloud'

/** The world outside, as arguments; the defaults are the real ones. Tests pass their own. */
export interface Effects {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** That many unpredictable bytes. */
  readonly random: (size: number) => Buffer
  /** Calls back after that many milliseconds, without keeping the process alive; returns the way to call it off. */
  readonly later: (ms: number, act: () => void) => () => void
}

/** The options, decided. */
export interface CoreSettings extends CloudSettings, DisclosureSettings {
  readonly scene: string
  readonly downtime: DowntimeName | DowntimeProvider
  readonly budgets: BudgetOptions | false
  readonly bypass: BypassSettings | false
  readonly prefetch: PrefetchSettings | false
  readonly store: TicketStore
}

/** The plugin without Express: the acts, and the outage that they live with. */
export interface Core {
  readonly captcha: Captcha
  readonly outage: Outage
  /** Sets or, with `undefined`, lifts an operator's order, and tells of it. */
  readonly force: (order: Order | undefined) => void
  readonly health: () => Promise<Health>
  /** How a store is asked, whosever it is. */
  readonly ask: StoreCall
  readonly close: () => void
}

export function createCore(settings: CoreSettings, { now, random, later }: Effects, emit: Emit): Core {
  const { captchaId, privateKey, newCaptcha, scene, http, timeout, budgets, bypass, prefetch, store } = settings
  // Each with a limit of its own on calls under way: a flood of visitors must not starve answers, probes or looks.
  const sender = (): Send => axiosSender(http, timeout)
  const ended: CallEnded = (call, outcome, seconds) => {
    if (emit.hears('upstream')) emit({ type: 'upstream', scene, call, outcome, seconds })
  }
  const queued: CallsQueued = (call, waits, pace) => {
    if (emit.hears('queue')) emit({ type: 'queue', scene, call, ...waits, ...(pace !== undefined && { pace }) })
  }
  const background = sender()
  const { edition, probe, register } = createUpstream({ settings, sender, background, now, later, ended, queued })
  const chance = (): number => random(4).readUInt32LE() / 2 ** 32
  const onError = (error: unknown): void => {
    if (emit.hears('store')) emit({ type: 'store', scene, error })
  }
  const ask = createStoreCall({ timeout, later, onError })
  const shared = sharing(settings, ask)
  const outage = createOutage({
    probe,
    now,
    later,
    chance,
    exchange: shared.outage,
    onChange(status) {
      if (emit.hears('cloud')) emit({ type: 'cloud', scene, ...status })
      stock?.heed()
    },
  })
  const stock = prefetch && register ? createStock({ most: prefetch.stock, register, outage, now, later }) : undefined
  const claims = createClaims({ store, gt: captchaId, scene, now, ask })
  const captcha = createCaptcha({
    captchaId,
    scene,
    edition: edition(claims),
    outage,
    stock,
    downtime: providerOf(settings.downtime, { privateKey, newCaptcha, now, random }),
    budget:
      budgets === false
        ? noBudget
        : createBudget(budgets, { owner: `${captchaId}:${scene}`, limiters: shared.limiters, ask }),
    disclose: disclosing(settings, privateKey),
    claims,
    now,
    random,
    emit,
  })
  const stopPolling =
    bypass &&
    pollBypass({
      ...bypass,
      captchaId,
      timeout,
      send: background,
      later,
      chance,
      advise: outage.advise,
      exchange: shared.bypass,
    })
  return {
    captcha,
    outage,
    force(order) {
      if (emit.hears('order')) emit({ type: 'order', scene, ...(order ?? { mode: 'lifted' }) })
      outage.force(order)
    },
    health: createHealth({ gt: captchaId, scene, outage, store, ask, now, random }),
    ask,
    close() {
      outage.close()
      stock?.close()
      if (stopPolling) stopPolling()
    },
  }
}
