import type { AnswerFields } from 'express-geetest/simulator'
import { work } from '../../__tests__/support/work'
import { MOUNTS, type AHEAD, type Guarded, type Scene } from '../site'
import { openBrowser, requestId, type Reply } from './browser'
import type { Stage } from './stage'

/** A challenge, as the visitor got it. */
export interface Issued {
  readonly challenge: string
  /** Whether the cloud will judge it. */
  readonly online: boolean
  readonly session: string
  readonly scene: Scene
}

/** Where an answer can be sent to. */
export type Target = Guarded | typeof AHEAD | '/validate' | '/comment/validate'

export interface Post {
  readonly to: Target
  readonly fields?: AnswerFields | undefined
}

/** One of the crowd, and what they can do. Every reply is held against what it must be. */
export interface Visitor {
  /** Opens the site's page first, so that the session is older than the challenge. */
  arrive(): Promise<void>
  /** Asks for a challenge; `undefined` where none was had, and the visit ends. */
  fetch(scene?: Scene): Promise<Issued | undefined>
  /** Really solves it: as the cloud wants it, or by doing the work. */
  solve(issued: Issued): AnswerFields
  /** @param expected the outcomes that are right while everything is healthy; without `ok` among them it is never right */
  post(post: Post, ...expected: string[]): Promise<Reply>
  /** All at once. While everything is healthy exactly `accepted` of them pass and the others get `otherwise`. */
  together(posts: readonly Post[], accepted: number, otherwise: string): Promise<readonly Reply[]>
  /** Somebody else in the same story, with a session of their own. */
  companion(): Visitor
}

/** What those in it share. */
interface Story {
  readonly kind: string
  readonly begun: number
  /** A killed process was in it: nobody can say what it still did. */
  hurt: boolean
}

/** @param address where they come from; default: each from anywhere */
export function createVisitor(stage: Stage, kind: string, address?: string): Visitor {
  return visitorIn({ kind, begun: Date.now(), hurt: false }, stage, address)
}

function visitorIn(story: Story, stage: Stage, address?: string): Visitor {
  const { nodes, simulator, audit, tally, calendar, inspect, offend } = stage
  const browser = openBrowser(nodes, address)

  /** What was out of order in this story so far. */
  const broken = (time: number): ReadonlySet<string> =>
    new Set([...calendar.touching(story.begun, time), ...(story.hurt ? ['worker'] : [])])

  async function send(method: 'GET' | 'POST', path: string, fields?: AnswerFields): Promise<Reply> {
    const asked = { id: requestId(), method, path, fields }
    if (method === 'POST') audit.posted(asked)
    const reply = await browser.send(asked)
    if (reply.outcome === 'killed') story.hurt = true
    if (method === 'POST') audit.replied(asked.id, browser.session, reply)
    inspect(asked, reply)
    return reply
  }

  function judge(reply: Reply, to: string, expected: readonly string[]): void {
    const { outcome } = reply
    const parts = broken(reply.ended)
    tally.count(story.kind, outcome, parts.size === 0)
    if (expected.includes(outcome)) return
    const what = `${story.kind} at ${to}, node ${reply.node}: ${outcome} instead of ${expected.join(' or ')}`
    if (outcome === 'ok') offend('accepted, but must not be', what)
    else if (parts.size === 0) offend('wrong answer while healthy', what)
    // The cloud alone can only keep its verdict to itself. Whoever does the work needs none.
    else if (![...parts].some((part) => part !== 'cloud') && outcome !== 'unavailable') {
      offend('wrong answer while the cloud alone is broken', what)
    }
  }

  return {
    arrive: async () => void (await send('GET', '/')),

    async fetch(scene = 'login') {
      const path = `${MOUNTS[scene]}/getcaptcha`
      const reply = await send('GET', path)
      const { challenge, success } = reply.body
      const { session } = browser
      if (reply.outcome !== 'ok') judge(reply, path, ['ok'])
      if (typeof challenge !== 'string' || session === undefined) return undefined
      const issued = { challenge, online: success === 1, session, scene }
      audit.issued(issued)
      return issued
    },

    solve({ challenge, online }) {
      if (!online) return work(challenge)
      return simulator.answer(challenge, { slide: challenge < '8' })
    },

    async post({ to, fields }, ...expected) {
      const reply = await send('POST', to, fields)
      judge(reply, to, expected)
      return reply
    },

    async together(posts, accepted, otherwise) {
      const replies = await Promise.all(posts.map(({ to, fields }) => send('POST', to, fields)))
      const ended = Math.max(...replies.map((reply) => reply.ended))
      const passed = replies.filter(({ outcome }) => outcome === 'ok').length
      const what = `${story.kind}: ${passed} of ${posts.length} at ${posts[0]?.to} at once`
      for (const [i, reply] of replies.entries()) judge({ ...reply, ended }, String(posts[i]?.to), ['ok', otherwise])
      if (passed > accepted) offend('accepted more than once', what)
      else if (passed < accepted && broken(ended).size === 0) offend('wrong answer while healthy', what)
      return replies
    },

    companion: () => visitorIn(story, stage),
  }
}
