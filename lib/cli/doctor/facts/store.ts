import { randomBytes } from 'node:crypto'
import { MemoryStore, SPENT, type ShownSettings, type Ticket, type TicketStore } from '../../../index'
import type { World } from '../../world'
import { inTime, reasonOf } from './in-time'

type Outcome = 'once' | 'twice' | 'never' | { readonly failed: string }

export interface StoreFacts {
  readonly inMemory: boolean
  /** What became of a record that two took at once: one got it, both did, nobody did, or the store failed. */
  readonly taken: Outcome
  /** What became of a lot number that two claimed at once. Version 4 only. */
  readonly claimed?: Outcome
}

/** Long enough for two takes, in milliseconds. */
const TTL = 10_000

export async function lookAtStore(settings: ShownSettings, world: World): Promise<StoreFacts> {
  const { store, version } = settings
  const tried = (trial: Promise<Outcome>): Promise<Outcome> =>
    inTime(world.patience, trial).catch((error: unknown) => ({ failed: reasonOf(error) }))
  const taken = await tried(takeTwice(settings, world.now()))
  const claimed = version === 4 ? await tried(claimTwice(store)) : undefined
  return { inMemory: store instanceof MemoryStore, taken, ...(claimed && { claimed }) }
}

async function takeTwice({ store, captchaId: gt, scene }: ShownSettings, now: number): Promise<Outcome> {
  const id = randomBytes(16).toString('hex')
  const whose = { gt, scene, session: 'doctor', user: 'doctor', mode: 'doctor' }
  const ticket: Ticket = { kind: 'ticket', challenge: id, ...whose, issued: now, expires: now + TTL }
  await store.put(id, ticket, TTL, 'doctor')
  const both = await Promise.all([store.take(id), store.take(id)])
  const got = both.filter((record) => record !== undefined && record !== SPENT).length
  return got === 1 ? 'once' : got === 2 ? 'twice' : 'never'
}

/** What nobody knows anything of: the first to claim it hears so, the second finds the mark of the first. */
async function claimTwice(store: TicketStore): Promise<Outcome> {
  const id = randomBytes(16).toString('hex')
  const claim = async (): Promise<unknown> => store.claim?.(id, TTL, 'doctor')
  const both = await Promise.all([claim(), claim()])
  const got = both.filter((answer) => answer !== SPENT).length
  return got === 1 ? 'once' : got === 2 ? 'twice' : 'never'
}
