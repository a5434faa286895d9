import * as fc from 'fast-check'
import type { RequestListener } from 'node:http'
import type { Geetest } from '../../lib'
import { RedisStore } from '../../lib/redis-store'
import type { CutProxy, Way } from '../support/cut-proxy'
import { clientKinds, connectTo, type ClientKind, type Connected } from '../support/redis'
import { sessions } from '../support/site'
import { eventually } from '../support/world'
import { batch } from './batch'
import { calm } from './faults'
import type { Scene } from './scenes'
import { node, type Furnish } from './site'
import type { Tally } from './tally'

/** Where in a wave the connection is cut: after so many bytes one way. */
export interface Cut {
  readonly way: Way
  readonly bytes: number
}

const cut: fc.Arbitrary<Cut> = fc.record({
  way: fc.constantFrom('command' as const, 'answer' as const),
  // Most waves send more commands than that, and answers are shorter.
  bytes: fc.oneof(fc.nat(300), fc.nat(3000)),
})

/** Lives in which nothing fails but the connection to Redis; in one wave of four not even that. */
export const cutBatch = fc
  .record({ one: batch, cuts: fc.array(fc.option(cut, { freq: 4, nil: undefined }), { minLength: 8, maxLength: 8 }) })
  .map(({ one, cuts }) => Object.assign({}, one, { cloud: calm, storeFails: [] as number[], cuts }))
export type CutBatch = typeof cutBatch extends fc.Arbitrary<infer B> ? B : never

/** Rounds of the loop in which others go on with Redis, before the connection that was cut is made anew. */
const MEANWHILE = 50

/** Two connections to one Redis: one through a proxy, the other whole. */
export interface Connections {
  readonly near: Connected
  readonly beside: Connected
  readonly proxy: CutProxy
}

export const clientOf = (lane: number): ClientKind => clientKinds[lane % clientKinds.length] as ClientKind

export async function connectBoth(kind: ClientKind, proxy: CutProxy, port: number): Promise<Connections> {
  const [near, beside] = await Promise.all([connectTo(kind, proxy.port, 1), connectTo(kind, port)])
  return { near, beside, proxy }
}

let made = 0

/** A site of two processes that take turns, over one Redis; the connection of one of them is cut in the middle of things. */
export function furnishCut({ near, beside, proxy }: Connections, cuts: CutBatch['cuts'], tally: Tally): Furnish {
  return (cloud, world, one) => {
    const prefix = `fuzz${++made}:`
    // However slow this machine is.
    const stores = [near, beside].map(({ client }) => new RedisStore(client, { prefix, timeout: 30_000 }))
    const visits = sessions()
    const nodes = stores.map((store) => node(cloud, world, one, store, visits))
    const plugins = nodes.flatMap(({ of }): Geetest[] => Object.values(of))
    let turn = 0
    const app: RequestListener = (req, res) => void nodes[turn++ % nodes.length]?.app(req, res)
    let failures = 0
    let underWay: Promise<void> | undefined

    async function cutOnce({ way, bytes }: Cut): Promise<void> {
      if (!(await proxy.cutAfter(way, bytes))) return
      failures += 1
      tally.cuts += 1
      for (let round = 0; round < MEANWHILE; round++) await new Promise(setImmediate)
      proxy.release()
    }

    /** Whatever was on its way over the connection that was cut has been said on the new one before. */
    const isBack = (): Promise<boolean> =>
      (stores[0] as RedisStore).take('nothing').then(
        () => true,
        () => false,
      )

    return {
      site: { app, now: world.now, seen: [], open: new Set() },
      store: {
        get failures() {
          return failures
        },
      },
      plugins,
      of: (nodes[0] as { of: Record<Scene, Geetest> }).of,
      trouble: {
        begin(wave) {
          const next = cuts[wave]
          if (next) underWay = cutOnce(next)
        },
        async end() {
          proxy.callOff()
          await underWay
          underWay = undefined
          await eventually(isBack)
        },
      },
      close() {
        for (const store of stores) store.close()
      },
    }
  }
}
