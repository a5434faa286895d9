import { randomBytes } from 'node:crypto'
import { MemoryStore, SPENT, type ShownSettings, type Ticket } from '../../../index'
import type { World } from '../../world'
import { inTime, reasonOf } from './in-time'

export interface StoreFacts {
  readonly inMemory: boolean
  /** What became of a record that two took at once: one got it, both did, nobody did, or the store failed. */
  readonly taken: 'once' | 'twice' | 'never' | { readonly failed: string }
}

/** Long enough for two takes, in milliseconds. */
const TTL = 10_000

export async function lookAtStore(settings: ShownSettings, world: World): Promise<StoreFacts> {
  const { store } = settings
  const taken = await inTime(world.patience, takeTwice(settings, world.now())).catch((error: unknown) => ({
    failed: reasonOf(error),
  }))
  return { inMemory: store instanceof MemoryStore, taken }
}

async function takeTwice({ store, captchaId: gt, scene }: ShownSettings, now: number): Promise<StoreFacts['taken']> {
  const id = randomBytes(16).toString('hex')
  const whose = { gt, scene, session: 'doctor', user: 'doctor', mode: 'doctor' }
  const ticket: Ticket = { kind: 'ticket', challenge: id, ...whose, issued: now, expires: now + TTL }
  await store.put(id, ticket, TTL, 'doctor')
  const both = await Promise.all([store.take(id), store.take(id)])
  const got = both.filter((record) => record !== undefined && record !== SPENT).length
  return got === 1 ? 'once' : got === 2 ? 'twice' : 'never'
}
