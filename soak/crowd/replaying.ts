import { randomInt } from 'node:crypto'
import type { Post, Visitor } from './visitor'

const copies = (post: Post, count: number): Post[] => Array.from({ length: count }, () => post)

/** The same answer at once, over all nodes: one passes. */
async function answer(visitor: Visitor, count: number): Promise<void> {
  const issued = await visitor.fetch()
  if (issued) await visitor.together(copies({ to: '/login', fields: visitor.solve(issued) }, count), 1, 'replayed')
}

/** The same answer at once at the guard and for a pass: one of them gets something for it. */
async function answerEverywhere(visitor: Visitor, count: number): Promise<void> {
  const issued = await visitor.fetch()
  if (issued === undefined) return
  const fields = visitor.solve(issued)
  const posts = Array.from({ length: count }, (_, i): Post => ({ to: i % 2 ? '/login' : '/validate', fields }))
  await visitor.together(posts, 1, 'replayed')
}

/** One pass, spent by several requests at once. */
async function pass(visitor: Visitor, count: number): Promise<void> {
  const issued = await visitor.fetch()
  if (issued === undefined) return
  const { outcome } = await visitor.post({ to: '/validate', fields: visitor.solve(issued) }, 'ok')
  if (outcome === 'ok') await visitor.together(copies({ to: '/login' }, count), 1, 'missing')
}

/** A guard that opens three times, asked by many at once. */
async function uses(visitor: Visitor, count: number): Promise<void> {
  const issued = await visitor.fetch()
  if (issued === undefined) return
  const { outcome } = await visitor.post({ to: '/login/again', fields: visitor.solve(issued) }, 'ok')
  if (outcome === 'ok') await visitor.together(copies({ to: '/login/again' }, count + 2), 2, 'missing')
}

const WAYS = [answer, answer, answerEverywhere, pass, uses] as const

const somehow = (visitor: Visitor, count: number): Promise<void> =>
  (WAYS[randomInt(WAYS.length)] ?? answer)(visitor, count)

export const replaying = (visitor: Visitor): Promise<void> => somehow(visitor, randomInt(2, 6))

export const bursting = (visitor: Visitor): Promise<void> => somehow(visitor, 50)

/** One after the other, and once more at the other door. */
export async function repeating(visitor: Visitor): Promise<void> {
  const issued = await visitor.fetch()
  if (issued === undefined) return
  const fields = visitor.solve(issued)
  await visitor.post({ to: '/login', fields }, 'ok')
  const again = await visitor.post({ to: '/login', fields }, 'replayed', 'ok')
  // The first was perhaps in vain, in an outage. This one is not the first to pass in any case.
  if (again.outcome === 'ok') return
  await visitor.post({ to: '/validate', fields }, 'replayed', 'ok')
}
