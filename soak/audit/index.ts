import type { Simulator } from 'express-geetest/simulator'
import type { Asked, Reply } from '../crowd/browser'
import type { Issued } from '../crowd/visitor'
import type { Offend } from '../offences'
import { sceneOf, type Accepted } from '../site'
import { closePosts, type Posted, type Posts } from './posts'
import { idOf, judging, type Claim, type Fault } from './right'
import { createUses } from './uses'

/**
 * Three books are compared: what the crowd was given and sent, whom the servers' handlers let in, and what the cloud knows
 * to be solved and redeemed. None of them is the plugin's own.
 */
export interface Audit {
  /** How many requests were let in, by answer and by pass, and how many answers were exchanged. */
  readonly audited: { answers: number; passes: number; exchanges: number }
  issued(issued: Issued): void
  posted(asked: Asked): void
  replied(id: string, session: string | undefined, reply: Reply): void
  accepted(accepted: Accepted): void
  /** Compares what has come in. @param all whether nothing more will come */
  compare(all: boolean): void
}

/** Messages of different processes may overtake each other by so much, in milliseconds. */
const OVERTAKING_MS = 2000

/** After these an answer was exchanged, or perhaps was. */
const EXCHANGED: ReadonlySet<string> = new Set(['ok', 'killed', 'no reply', 'store_error', 'session_store'])

type Judge = (claim: Claim) => Fault

export function createAudit(simulator: Pick<Simulator, 'events'>, offend: Offend, now: () => number): Audit {
  const audited = { answers: 0, passes: 0, exchanges: 0 }
  const issues = new Map<string, Issued>()
  const posts: Posts = new Map()
  const uses = createUses(offend)
  const answers: Accepted[] = []
  const exchanges: Posted[] = []
  const passes: (Accepted & { readonly at: number })[] = []

  function compareAnswer(accepted: Accepted, judge: Judge): void {
    const { id, path, session, scene, mode } = accepted
    const fields = posts.get(id)?.fields
    const fault = fields === undefined ? 'no answer was sent' : judge({ fields, session, scene })
    if (fault !== undefined) return offend('false accept', `request ${id} at ${path}, mode ${mode}: ${fault}`)
    const challenge = idOf(fields?.geetest_challenge ?? '')
    const expected = issues.get(challenge)?.online ? 'online' : 'proof-of-work'
    if (mode !== expected) offend('false accept', `request ${id}, mode ${mode}: it was issued as ${expected}`)
    if (uses.answer(challenge, accepted)) audited.answers += 1
  }

  function compareExchange({ id, path, session, fields, reply }: Posted, judge: Judge): void {
    const sure = reply?.outcome === 'ok'
    const scene = sceneOf(path)
    const fault = fields === undefined ? 'no answer was sent' : judge({ fields, session, scene })
    if (fault !== undefined) return sure ? offend('false accept', `request ${id} at ${path}: ${fault}`) : undefined
    const spender = { id, path, session: String(session), scene }
    if (uses.exchange(idOf(fields?.geetest_challenge ?? ''), spender, sure)) audited.exchanges += 1
  }

  function comparePasses(before: number): void {
    while (passes[0] !== undefined && passes[0].at <= before) {
      uses.pass(passes.shift() as Accepted)
      audited.passes += 1
    }
  }

  return {
    audited,
    issued: (issued) => void issues.set(idOf(issued.challenge), issued),
    posted: (asked) => void posts.set(asked.id, { ...asked }),
    replied(id, session, reply) {
      const post = posts.get(id)
      if (post === undefined) return
      Object.assign(post, { session, reply })
      if (post.path.endsWith('/validate') && EXCHANGED.has(reply.outcome)) exchanges.push(post)
    },
    accepted(accepted) {
      const post = posts.get(accepted.id)
      if (post) post.accepted = true
      if (accepted.via === 'answer') answers.push(accepted)
      else passes.push({ ...accepted, at: now() })
    },
    compare(all) {
      const before = all ? Infinity : now() - OVERTAKING_MS
      const judge = judging(issues, simulator.events)
      for (const accepted of answers.splice(0)) compareAnswer(accepted, judge)
      for (const post of exchanges.splice(0)) compareExchange(post, judge)
      comparePasses(before)
      closePosts(posts, before - OVERTAKING_MS, offend)
    },
  }
}
