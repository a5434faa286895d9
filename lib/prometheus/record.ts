import type { EventOf, EventType, GeetestEvent } from '../events'
import { actOf, callOf, causeOf, modeOf, outcomeOf, upstreamOutcomeOf, wordOf } from './labels'
import { differences } from '../nodes/card'
import type { Metrics } from './metrics'

/** What is done with events. */
export interface Recording {
  readonly record: (event: GeetestEvent) => void
  /** A plugin of that scene was made: what is counted of it begins at 0, so that a burst before the first scrape is one all the same. */
  readonly meet: (scene: string) => void
}

type Recorders = { readonly [Type in EventType]: (event: EventOf<Type>) => void }

/** Whether that mode asks visitors for something, and is not the cloud's. */
const isSolved = (mode: string | undefined): boolean => mode !== 'online' && mode !== 'allow'

/** What each event does to the metrics. */
export function recording(metrics: Metrics): Recording {
  const scenes = new Set<string>()

  /** Every scene begins with the cloud up, and says so by its first event. */
  function meet(scene: string): void {
    if (scenes.has(scene)) return
    scenes.add(scene)
    metrics.mode.set({ scene }, 1)
    metrics.storeErrors.inc({ scene }, 0)
    metrics.replays.inc({ scene }, 0)
  }

  function verify({ scene, mode, outcome, seconds }: EventOf<'verify'>): void {
    metrics.verdicts.inc({ scene, mode: modeOf(mode), outcome: outcomeOf(outcome) })
    if (outcome !== 'ok') metrics.denials.inc({ scene, reason: outcomeOf(outcome) })
    if (outcome === 'replayed') metrics.replays.inc({ scene })
    if (seconds !== undefined && isSolved(mode)) metrics.solves.observe({ scene }, seconds)
  }

  const record: Recorders = {
    issue: ({ scene, mode }) => metrics.issues.inc({ scene, mode: modeOf(mode) }),
    verify,
    allowed: ({ scene }) => metrics.allowed.inc({ scene }),
    budget({ scene, act }) {
      metrics.budget.inc({ scene, act: actOf(act) })
      metrics.denials.inc({ scene, reason: 'budget' })
    },
    store: ({ scene }) => metrics.storeErrors.inc({ scene }),
    cloud({ scene, mode, cause }) {
      metrics.mode.set({ scene }, mode === 'up' ? 1 : 0)
      metrics.modeChanges.inc({ scene, to: wordOf(mode), cause: causeOf(cause) })
    },
    upstream: ({ scene, call, outcome, seconds }) =>
      metrics.upstream.observe({ scene, call: callOf(call), outcome: upstreamOutcomeOf(outcome) }, seconds),
    queue({ scene, call, waited, refused }) {
      metrics.queue.inc({ scene, call: callOf(call), outcome: 'waited' }, waited)
      metrics.queue.inc({ scene, call: callOf(call), outcome: 'refused' }, refused)
    },
    nodes({ scene, differ }) {
      for (const what of differences) metrics.nodesDiffer.set({ scene, what }, differ.includes(what) ? 1 : 0)
    },
    order: ({ scene, mode }) => metrics.orders.inc({ scene, to: wordOf(mode) }),
  }

  return {
    meet,
    record(event) {
      meet(event.scene)
      ;(record[event.type] as (event: GeetestEvent) => void)(event)
    },
  }
}
