import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { AHEAD } from '../site'
import type { Visitor } from './visitor'

/** Ten minutes late, by the clock of the node that is asked. */
async function answer(visitor: Visitor): Promise<void> {
  const issued = await visitor.fetch()
  if (issued) await visitor.post({ to: AHEAD, fields: visitor.solve(issued) }, 'expired')
}

async function pass(visitor: Visitor): Promise<void> {
  const issued = await visitor.fetch()
  if (issued === undefined) return
  await visitor.post({ to: '/validate', fields: visitor.solve(issued) }, 'ok')
  await visitor.post({ to: AHEAD }, 'missing')
}

/** A second use after the guard's one second. */
async function use(visitor: Visitor): Promise<void> {
  const issued = await visitor.fetch()
  if (issued === undefined) return
  await visitor.post({ to: '/login/brief', fields: visitor.solve(issued) }, 'ok')
  await wait(1100)
  await visitor.post({ to: '/login/brief' }, 'missing')
}

const WAYS = [answer, answer, pass, use] as const

export const late = (visitor: Visitor): Promise<void> => (WAYS[randomInt(WAYS.length)] ?? answer)(visitor)
