import { pollBypass, type BypassSettings } from './bypass'
import {
  createCaptcha,
  createStock,
  createSuccessors,
  createUpstream,
  disclosing,
  type CallsQueued,
  type Captcha,
  type DisclosureSettings,
  type PrefetchSettings,
} from './captcha'
import { createClaims, type Claims } from './claims'
import { providerOf, type DowntimeName, type DowntimeProvider } from './downtime'
import { notePlugin, type Emit } from './events'
import { createBudget, noBudget, type BudgetOptions } from './fairness/budget'
import { memoryCounters } from './fairness/memory-counters'
import { watchAddresses } from './fairness/unknown-address'
import { createHealth, type Health } from './health'
import type { Endpoint } from './cloud'
import { axiosSender, LONG_PATIENCE, type Send } from './http'
import type { CloudSettings } from './options'
import { joinNodes, sceneCard, type Nodes } from './nodes'
import { createOutage, type Order, type Outage } from './outage'
import { sharing } from './sharing'
import { createStoreCall, type StoreCall } from './store-call'
import { telling } from './telling'
import type { TicketStore } from './tickets'
import type { CallEnded } from './timed-cloud'
import { inOneLine } from './trouble'

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
  /** Whether answers after the widget's `reset()` are accepted. Version 3 only. */
  readonly resets: boolean
  /** Which nodes belong together; `false`: they are not compared. */
  readonly site: string | false
  /** Whether the process is warned of changes of state. */
  readonly warnings: boolean
}

/** The plugin without Express: the acts, and the outage that they live with. */
export interface Core {
  readonly captcha: Captcha
  readonly outage: Outage<Endpoint>
  /** Sets or, with `undefined`, lifts an operator's order, and tells of it. */
  readonly force: (order: Order | undefined) => void
  readonly health: () => Promise<Health>
  /** How a store is asked, whosever it is. */
  readonly ask: StoreCall
  readonly isClosed: () => boolean
  readonly close: () => void
}

const nameOf = (downtime: CoreSettings['downtime']): string => (typeof downtime === 'string' ? downtime : downtime.name)

/** So much longer than a store's own deadline the plugin waits, so that its word comes first. */
const STORE_MARGIN_MS = 50

export function createCore(settings: CoreSettings, { now, random, later }: Effects, emit: Emit): Core {
  const { captchaId, privateKey, newCaptcha, scene, http, timeout, budgets, bypass, prefetch, store, resets } = settings
  // Each with a limit of its own on calls under way: a flood of visitors must not starve answers, probes or looks.
  notePlugin(scene)
  const sender = (): Send => axiosSender(http, timeout)
  const ended: CallEnded = (call, outcome, seconds) => {
    if (emit.hears('upstream')) emit({ type: 'upstream', scene, call, outcome, seconds })
  }
  const queued: CallsQueued = (call, waits, pace) => {
    if (emit.hears('queue')) emit({ type: 'queue', scene, call, ...waits, ...(pace !== undefined && { pace }) })
  }
  const background = axiosSender(http, timeout, LONG_PATIENCE)
  const { edition, probes, register } = createUpstream({ settings, sender, background, now, later, ended, queued })
  const chance = (): number => random(4).readUInt32LE() / 2 ** 32
  const tell = telling({ scene, warnings: settings.warnings, downtime: nameOf(settings.downtime), now })
  const onError = (error: Error): void => {
    tell.store.failed(inOneLine(error))
    if (emit.hears('store')) emit({ type: 'store', scene, error })
  }
  // A store with a deadline of its own is heard: what it takes back after that, nobody has to.
  const storeTimeout = Math.max(timeout, (store.timeout ?? 0) + STORE_MARGIN_MS)
  const ask = createStoreCall({ timeout: storeTimeout, later, onError, onAnswer: tell.store.worked })
  const shared = sharing(settings, ask)
  let outageEnded: number | undefined
  let closed = false
  const isClosed = (): boolean => closed
  const outage = createOutage<Endpoint>({
    endpoints: {
      validate: { probe: probes.validate, exchange: shared.outage('validate') },
      ...(probes.register && { register: { probe: probes.register, exchange: shared.outage('register') } }),
    },
    now,
    later,
    chance,
    onChange(status) {
      outageEnded = status.mode === 'up' ? now() : undefined
      tell.cloud(status)
      if (emit.hears('cloud')) emit({ type: 'cloud', scene, ...status })
      stock?.heed()
    },
  })
  const nodes: Nodes | undefined =
    shared.nodes && settings.site !== false
      ? joinNodes({
          ...shared.nodes,
          captchaId,
          site: settings.site,
          scene,
          card: sceneCard(settings, nameOf(settings.downtime)),
          now,
          later,
          random,
          onChange(found) {
            tell.nodes(found)
            if (emit.hears('nodes')) emit({ type: 'nodes', scene, differ: found.map(({ what }) => what) })
          },
        })
      : undefined
  const counters = shared.counters ?? memoryCounters(now)
  const claims = createClaims({ store, gt: captchaId, scene, now, ask })
  // Of version 4 every lot number is the page's own; and a store that cannot say what was never issued says nothing.
  const successors =
    resets && settings.version === 3 && claims.knowsAll ? createSuccessors({ captchaId, scene, claims }) : undefined
  const reserve: Claims['reserve'] | undefined = successors && ((challenge, ms) => claims.reserve(challenge, ms))
  const stock =
    prefetch && register ? createStock({ most: prefetch.stock, register, reserve, outage, now, later }) : undefined
  const captcha = createCaptcha({
    captchaId,
    scene,
    edition: edition(claims, successors),
    successors,
    outage,
    stock,
    outageEnded: () => outageEnded,
    downtime: providerOf(settings.downtime, { privateKey, newCaptcha, random }),
    budget: budgets === false ? noBudget : createBudget(budgets, { owner: `${captchaId}:${scene}`, counters, ask }),
    meet: watchAddresses(),
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
    health: createHealth({ gt: captchaId, scene, outage, store, ask, isClosed, nodes: nodes?.seen, now, random }),
    isClosed,
    ask,
    close() {
      closed = true
      outage.close()
      nodes?.leave()
      stock?.close()
      if (stopPolling) stopPolling()
    },
  }
}
