import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Reply } from './browser'
import type { Issued, Post, Visitor } from './visitor'

/** One in so many takes their time, so that much can happen between challenge and answer. */
const THINKERS = 25
const TRIES = 4

/** A challenge, and a while until it is solved. */
export async function ponder(visitor: Visitor, scene: Issued['scene'] = 'login'): Promise<Issued | undefined> {
  if (randomInt(2) === 0) await visitor.arrive()
  const issued = await visitor.fetch(scene)
  if (randomInt(THINKERS) === 0) await wait(randomInt(300, 4000))
  return issued
}

/** Does what a 503 says: sends the same again in a moment. While everything is healthy the first try must do. */
export async function insist(visitor: Visitor, post: Post): Promise<Reply> {
  let reply = await visitor.post(post, 'ok')
  for (let tried = 1; reply.status === 503 && tried < TRIES; tried++) {
    await wait(300)
    reply = await visitor.post(post, 'ok')
  }
  return reply
}

/** The three fields at the guard. */
export async function withFields(visitor: Visitor): Promise<void> {
  const scene = randomInt(4) === 0 ? 'comment' : 'login'
  const issued = await ponder(visitor, scene)
  if (issued) await insist(visitor, { to: scene === 'login' ? '/login' : '/comment', fields: visitor.solve(issued) })
}

/** POST /validate first, then a pass. */
export async function withPass(visitor: Visitor): Promise<void> {
  const scene = randomInt(4) === 0 ? 'comment' : 'login'
  const issued = await ponder(visitor, scene)
  if (issued === undefined) return
  const to = scene === 'login' ? '/validate' : '/comment/validate'
  const { outcome } = await insist(visitor, { to, fields: visitor.solve(issued) })
  if (outcome === 'ok') await insist(visitor, { to: scene === 'login' ? '/login' : '/comment' })
}

/** A guard that one answer opens three times, and not four. */
export async function withUses(visitor: Visitor): Promise<void> {
  const issued = await ponder(visitor)
  if (issued === undefined) return
  const first = await insist(visitor, { to: '/login/again', fields: visitor.solve(issued) })
  if (first.outcome !== 'ok') return
  for (let left = 2; left > 0; left--) {
    const { outcome } = await visitor.post({ to: '/login/again' }, 'ok')
    // In an outage of the store nobody knows what is left by now.
    if (outcome !== 'ok') return
  }
  await visitor.post({ to: '/login/again' }, 'missing')
}
