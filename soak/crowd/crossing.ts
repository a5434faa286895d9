import { randomInt } from 'node:crypto'
import type { Visitor } from './visitor'

/** Solved by one, sent by another. */
async function answerOfAnother(visitor: Visitor): Promise<void> {
  const thief = visitor.companion()
  const [issued] = await Promise.all([visitor.fetch(), thief.fetch()])
  if (issued) await thief.post({ to: '/login', fields: visitor.solve(issued) }, 'session_mismatch')
}

/** Earned by one, spent by another; its owner can still spend it. */
async function passOfAnother(visitor: Visitor): Promise<void> {
  const thief = visitor.companion()
  const [issued] = await Promise.all([visitor.fetch(), thief.fetch()])
  if (issued === undefined) return
  const { outcome } = await visitor.post({ to: '/validate', fields: visitor.solve(issued) }, 'ok')
  await thief.post({ to: '/login' }, 'missing')
  if (outcome === 'ok') await visitor.post({ to: '/login' }, 'ok')
}

/** Solved for one form, sent to another. */
async function answerOfAnotherScene(visitor: Visitor): Promise<void> {
  const there = randomInt(2) === 0
  const issued = await visitor.fetch(there ? 'login' : 'comment')
  if (issued)
    await visitor.post({ to: there ? '/comment' : '/validate', fields: visitor.solve(issued) }, 'scene_mismatch')
}

/** Earned at one form, spent at another. */
async function passOfAnotherScene(visitor: Visitor): Promise<void> {
  const issued = await visitor.fetch('comment')
  if (issued === undefined) return
  await visitor.post({ to: '/comment/validate', fields: visitor.solve(issued) }, 'ok')
  await visitor.post({ to: '/login' }, 'missing')
}

const WAYS = [answerOfAnother, passOfAnother, answerOfAnotherScene, passOfAnotherScene] as const

export const crossing = (visitor: Visitor): Promise<void> => (WAYS[randomInt(WAYS.length)] ?? answerOfAnother)(visitor)
