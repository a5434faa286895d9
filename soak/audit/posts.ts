import type { Asked, Reply } from '../crowd/browser'
import type { Offend } from '../offences'
import { GUARDS } from '../site'

/** A request with an answer or a pass, as the crowd sent it. */
export interface Posted extends Asked {
  /** The session that it was sent in. */
  session?: string | undefined
  reply?: Reply
  /** Its handler was reached. */
  accepted?: true
}

/** How a request may end whose handler was reached: nobody waits for a killed process. */
const REACHED: ReadonlySet<string> = new Set(['ok', 'killed', 'no reply'])

/** What the crowd has sent lately. */
export type Posts = Map<string, Posted>

/** Drops what was answered before `time`, and holds what was answered against what the handler said. */
export function closePosts(posts: Posts, time: number, offend: Offend): void {
  for (const [id, { reply, path, accepted }] of posts) {
    if (reply === undefined || reply.ended > time) continue
    const { outcome } = reply
    if (outcome === 'ok' && path in GUARDS && !accepted) offend('books differ', `${id} passed, unseen by its handler`)
    if (accepted && !REACHED.has(outcome)) offend('books differ', `${id} reached its handler, and was told ${outcome}`)
    posts.delete(id)
  }
}
