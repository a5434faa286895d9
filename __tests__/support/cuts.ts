import { randomBytes } from 'node:crypto'
import type { Kept, Taken, Ticket } from '../../lib'
import { RedisStore } from '../../lib/redis-store'
import { createCutProxy, type CutProxy, type Way } from './cut-proxy'
import { connectTo, type ClientKind, type Connected } from './redis'

/** What is cut. */
export const acts = ['put', 'take', 'put back', 'claim'] as const
export type Act = (typeof acts)[number]

/** Where. */
export interface Cut {
  readonly act: Act
  readonly way: Way
  readonly bytes: number
}

/** How it went with one answer. */
export interface Outcome {
  /** How many got it: more than one must never be. */
  readonly accepted: number
  /** Whether whoever asked through the cut connection was told what became of it. */
  readonly told: boolean
}

/** A store over a proxy, and another beside it whose connection is whole. */
export interface Bench {
  cut(cut: Cut): Promise<Outcome>
  /** Every place where the connection can be cut during an act. */
  places(act: Act): Promise<Cut[]>
  close(): Promise<void>
}

const TTL = 600_000

function freshTicket(): Ticket {
  const [challenge, gt, session, user] = [16, 16, 16, 8].map((size) => randomBytes(size).toString('hex')) as [
    string,
    string,
    string,
    string,
  ]
  const issued = Date.now()
  return { kind: 'ticket', challenge, mode: 'online', gt, scene: 'login', session, user, issued, expires: issued + TTL }
}

export async function createBench(kind: ClientKind, port: number): Promise<Bench> {
  const proxy: CutProxy = await createCutProxy(port)
  const connected: Connected[] = await Promise.all([connectTo(kind, proxy.port, 1), connectTo(kind, port)])
  const [near, beside] = connected.map(({ client }) => new RedisStore(client, { timeout: 30_000 })) as [
    RedisStore,
    RedisStore,
  ]

  const gets = (taken: Taken, act: Act): number => Number(act === 'claim' ? taken === undefined : isRecord(taken))

  /** What comes before the act, on the whole connection. */
  async function prepare(act: Act, id: string, ticket: Ticket): Promise<void> {
    if (act === 'take' || act === 'put back') await beside.put(id, ticket, TTL)
    if (act === 'put back') await beside.take(id)
  }

  /** @returns how many got the answer by it */
  async function perform(act: Act, id: string, ticket: Ticket): Promise<number> {
    if (act === 'put') await near.put(id, ticket, TTL)
    else if (act === 'put back') await near.put(id, { ...ticket, unjudged: true }, TTL)
    else return gets(act === 'take' ? await near.take(id) : await near.claim(id, TTL), act)
    return 0
  }

  const takeBeside = async (act: Act, id: string): Promise<number> =>
    gets(await (act === 'claim' ? beside.claim(id, TTL) : beside.take(id)), act)

  return {
    async cut({ act, way, bytes }) {
      const ticket = freshTicket()
      const id = ticket.challenge
      await prepare(act, id, ticket)
      const cut = proxy.cutAfter(way, bytes)
      let told = true
      const performed = perform(act, id, ticket).catch(() => {
        told = false
        return 0
      })
      await cut
      // Somebody comes between the command and what is sent again of it, and somebody after that.
      const between = await takeBeside(act, id)
      proxy.release()
      const own = await performed
      return { accepted: own + between + (await takeBeside(act, id)) + (await takeBeside(act, id)), told }
    },
    async places(act) {
      const ticket = freshTicket()
      await prepare(act, ticket.challenge, ticket)
      // Once for nothing, so that the server knows the scripts.
      await perform(act, freshTicket().challenge, ticket)
      proxy.count()
      await perform(act, ticket.challenge, ticket)
      const { command, answer } = proxy.count()
      const along = (way: Way, length: number): Cut[] =>
        Array.from({ length: length + 1 }, (_, bytes) => ({ act, way, bytes }))
      return [...along('command', command), ...along('answer', answer - 1)]
    },
    async close() {
      await Promise.all(connected.map(({ close }) => close()))
      await proxy.close()
    },
  }
}

const isRecord = (taken: Taken): taken is Kept => typeof taken === 'object'
