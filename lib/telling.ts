import type { Found } from './nodes/card'
import type { CloudStatus } from './outage'
import { createTrouble, warn, type Trouble } from './trouble'

/** Tells whoever reads the process's log of changes of state: one line for each, with its cause. */
export interface Telling {
  readonly cloud: (status: CloudStatus) => void
  readonly store: Trouble
  /** In what the nodes of the site differ by now. */
  readonly nodes: (found: readonly Found[]) => void
}

export interface TellingParts {
  readonly scene: string
  /** `false`: says nothing. */
  readonly warnings: boolean
  /** The name of what visitors are asked for in an outage. */
  readonly downtime: string
  readonly now: () => number
}

const silent: Telling = {
  cloud: () => undefined,
  nodes: () => undefined,
  store: { failed: () => undefined, worked: () => undefined },
}

export function telling({ scene, warnings, downtime, now }: TellingParts): Telling {
  if (!warnings) return silent
  let downSince: number | undefined
  return {
    cloud({ mode, cause }) {
      if (mode === 'down') {
        downSince = now()
        const meanwhile = `visitors get downtime: '${downtime}' until it is back`
        return warn(
          'GEETEST_CLOUD',
          `${scene}: the captcha cloud counts as down (${cause ?? 'no cause'}); ${meanwhile}`,
        )
      }
      const why = cause === undefined ? '' : ` (${cause})`
      const after = downSince === undefined ? '' : `, after ${Math.max(0, Math.round((now() - downSince) / 1000))} s`
      return warn('GEETEST_CLOUD', `${scene}: the captcha cloud counts as up${why}${after}`)
    },
    nodes(found) {
      if (found.length === 0) return warn('GEETEST_NODES', `${scene}: the nodes of this site are equal again`)
      const what = found.map(({ what: kind, words }) => `${kind} (${words})`).join(', ')
      warn(
        'GEETEST_NODES',
        `${scene}: the nodes of this site differ in ${what}: visitors whose requests meet different nodes are refused. Deploy them alike, or ` +
          'give option site another name to those that are another site',
      )
    },
    store: createTrouble({
      now,
      began: (cause) => warn('GEETEST_STORE', `${scene}: the ticket store fails (${cause}); visitors get 503`),
      ended: (seconds) => warn('GEETEST_STORE', `${scene}: the ticket store works again, after ${seconds} s`),
    }),
  }
}
