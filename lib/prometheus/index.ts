import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { GeetestError } from '../errors'
import { channelNames, eventTypes, harmless, onPlugin, type GeetestEvent } from '../events'
import { checkOptions } from '../rules'
import type { PromClient } from './client'
import { createMetrics } from './metrics'
import { recording } from './record'

export type { PromClient } from './client'

/** Options of `collect`. */
export interface CollectOptions {
  /** A registry of prom-client's. Default: the client's own, `client.register`. */
  readonly register?: object | undefined
}

const isRegister = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'registerMetric' in value && typeof value.registerMetric === 'function'

const RULES = {
  register: { allows: isRegister, write: 'a registry of prom-client, such as new client.Registry()' },
}

/**
 * Counts what every plugin of this process does, whatever its scene, in prom-client's metrics. Call it before `geetest()`, so
 * that nothing is missed.
 *
 * @returns the way to end it; the metrics stay as they are by then
 * @throws GeetestError `invalid_option`, naming what arrived and what to write; and what prom-client throws where the registry
 * holds these metrics already
 */
export function collect(client: PromClient, options: CollectOptions = {}): () => void {
  refuseOther(client)
  checkOptions('collect', options, RULES)
  const { record: recordEvent, meet } = recording(createMetrics(client, options.register ?? client.register))
  const record = harmless('express-geetest/prometheus', recordEvent)
  const stopMeeting = onPlugin(meet)
  const listener = (event: unknown): void => record(event as GeetestEvent)
  for (const type of eventTypes) subscribe(channelNames[type], listener)
  return () => {
    stopMeeting()
    eventTypes.forEach((type) => unsubscribe(channelNames[type], listener))
  }
}

function refuseOther(client: unknown): void {
  const parts = (typeof client === 'object' && client !== null ? client : {}) as Record<string, unknown>
  const isClient = ['Counter', 'Gauge', 'Histogram'].every((name) => typeof parts[name] === 'function')
  if (isClient && isRegister(parts.register)) return
  throw GeetestError.setup(
    'invalid_option',
    "collect(client) got something else than prom-client; write import client from 'prom-client', then collect(client)",
  )
}
