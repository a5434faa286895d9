import type { Fault, FaultOptions } from 'express-geetest/simulator'

/** One thing that is broken. Of the cloud: which fault. Redis comes back after `seconds`; a worker at once. */
export type Act =
  | { readonly what: 'cloud'; readonly fault: Fault; readonly seconds: number; readonly options?: FaultOptions }
  | { readonly what: 'redis killed' | 'redis stopped' | 'redis full'; readonly seconds: number }
  | { readonly what: 'worker killed' }

/** Seconds after the round's begin, and what happens then. Things that overlap are meant to. */
export type Round = readonly (readonly [number, Act])[]

export const ROUND_SECONDS = 36

/**
 * Between two disturbances there is time to see that all is well; after one of the cloud the nodes need up to twelve seconds
 * to believe in it again, so several things happen in downtime.
 */
export const ROUNDS: readonly Round[] = [
  [
    [5, { what: 'worker killed' }],
    [8, { what: 'redis stopped', seconds: 1.5 }],
    [14, { what: 'cloud', fault: '500', seconds: 3 }],
    [21, { what: 'worker killed' }],
    [22, { what: 'redis killed', seconds: 1 }],
    [27, { what: 'redis full', seconds: 1 }],
    [32, { what: 'cloud', fault: 'hang', seconds: 3 }],
  ],
  [
    [5, { what: 'cloud', fault: 'refuse', seconds: 4 }],
    [7, { what: 'redis killed', seconds: 1 }],
    [8, { what: 'worker killed' }],
    [18, { what: 'cloud', fault: 'slow', seconds: 2, options: { delay: 700 } }],
    [26, { what: 'redis stopped', seconds: 2 }],
    [27, { what: 'worker killed' }],
  ],
  [
    [6, { what: 'redis killed', seconds: 1 }],
    [13, { what: 'cloud', fault: 'slow', seconds: 3 }],
    [15, { what: 'redis stopped', seconds: 1 }],
    [24, { what: 'cloud', fault: 'garbage', seconds: 3 }],
    [33, { what: 'worker killed' }],
    [33, { what: 'redis killed', seconds: 2 }],
  ],
]
