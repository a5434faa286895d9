import type { Endpoint } from './cloud'
import type { NodesSeen } from './nodes'
import type { CallWindow, CloudStatus, EndpointStatus, Outage, Probed } from './outage'
import type { StoreCall } from './store-call'
import type { Pass, TicketStore } from './tickets'

/** How the plugin is, for a health route: plain JSON without a secret. */
export interface Health extends CloudStatus {
  /**
   * `failing`: the store does not do its work, and nobody passes. `degraded`: the cloud is down, and visitors get the downtime
   * captcha; the process is ready all the same, and so are all others. `closing`: `captcha.close()` was called, whatever else there
   * is to say. Else `ok`.
   */
  readonly status: 'ok' | 'degraded' | 'failing' | 'closing'
  readonly scene: string
  /** This node's own last probe of the cloud, if it has made any. */
  readonly lastProbe?: Probed
  /** This node's calls of the last ten seconds, and those of them that brought no answer. Without those to an endpoint that is down. */
  readonly window: CallWindow
  /** The same of each endpoint of the cloud; any of them may be down alone. Version 4 has `validate` alone. */
  readonly endpoints: Readonly<Partial<Record<Endpoint, EndpointStatus>>>
  readonly store: 'ok' | 'failed'
  /** With a store that nodes share: how many there are, and in what they differ and must not. */
  readonly nodes?: NodesSeen
  /** Milliseconds that the store took for keeping a record and giving it back. */
  readonly storeMs: number
}

export interface HealthParts {
  readonly gt: string
  readonly scene: string
  readonly outage: Pick<Outage<Endpoint>, 'status' | 'window' | 'lastProbe' | 'endpoints'>
  readonly store: TicketStore
  readonly ask: StoreCall
  readonly isClosed: () => boolean
  readonly nodes: (() => NodesSeen) | undefined
  readonly now: () => number
  readonly random: (size: number) => Buffer
}

/** Long enough for any store that answers in time. */
const RECORD_MS = 60_000

/** Looks at the plugin whenever it is asked; never rejects. Those who ask at once share one look at the store. */
export function createHealth({
  gt,
  scene,
  outage,
  store,
  ask,
  isClosed,
  nodes,
  now,
  random,
}: HealthParts): () => Promise<Health> {
  // No challenge and no pass can have such an id; and each node has its own, so that none takes another's record.
  const id = `health:${random(16).toString('hex')}`
  let looking: Promise<Pick<Health, 'store' | 'storeMs'>> | undefined

  const record = (): Pass => {
    const issued = now()
    const expires = issued + RECORD_MS
    return { kind: 'pass', place: 0, mode: 'online', gt, scene, session: '', user: '', issued, expires }
  }

  async function givesBack(): Promise<boolean> {
    await store.put(id, record(), RECORD_MS, id)
    const taken: unknown = await store.take(id)
    return typeof taken === 'object' && taken !== null && 'kind' in taken
  }

  async function lookAtStore(): Promise<Pick<Health, 'store' | 'storeMs'>> {
    const begun = now()
    const works = await ask(givesBack).catch(() => false)
    looking = undefined
    return { store: works ? 'ok' : 'failed', storeMs: Math.max(0, now() - begun) }
  }

  return async function health() {
    looking ??= lookAtStore()
    const looked = await looking
    const { status, window, lastProbe, endpoints } = outage
    const cloud = status.mode === 'up' ? 'ok' : 'degraded'
    const works = looked.store === 'failed' ? 'failing' : cloud
    return {
      status: isClosed() ? 'closing' : works,
      scene,
      ...status,
      ...(lastProbe !== undefined && { lastProbe }),
      window,
      endpoints,
      ...looked,
      ...(nodes && { nodes: nodes() }),
    }
  }
}
