/**
 * The protocol of one answer as a model that can be gone through whole: posts that take it, ask for a verdict and put it back where
 * there was none, over connections that are cut at any moment, with clients that send again. It says how often the answer passes in the
 * worst of all orders.
 */

/** What is explored. */
export interface ModelSettings {
  readonly posts: number
  /** Whether a write that has come before is known by its nonce, as the scripts of the Redis store do. */
  readonly nonces: boolean
  /** How many commands in all may be sent a second time after their connection was cut. */
  readonly cuts: number
}

/** What stands under the key: as in kept-scripts.ts, but for the record's text. */
interface Key {
  readonly state: 'live' | 'spent' | 'gone'
  /** The nonces of the writes that made it so; of a spent one the first is its taker's. */
  readonly known: readonly string[]
}

type Kind = 'take' | 'put back' | 'cancel'
interface Command {
  readonly kind: Kind
  readonly nonce: string
  /** Whose answer somebody waits for; of one that was sent again only the later copy's is heard. */
  readonly heard: boolean
}

/** Where a post is: its command is under way, the cloud is asked, or it has ended. */
type Stage = 'new' | 'taking' | 'judging' | 'putting back' | 'ended'
interface Post {
  readonly stage: Stage
  /** Commands on their way, in any order: each connection is one of its own. */
  readonly flying: readonly Command[]
}

interface State {
  readonly key: Key
  readonly posts: readonly Post[]
  readonly accepted: number
  readonly cuts: number
}

export interface Explored {
  /** The most that one answer ever passes; at the second time the search ends. */
  readonly accepted: number
  readonly states: number
  /** The steps that lead there. */
  readonly trace: readonly string[]
}

export function explore({ posts, nonces, cuts }: ModelSettings): Explored {
  /** One command, carried out in one step: what stands there then, and whether a taker got the answer. */
  function carryOut({ state, known }: Key, { kind, nonce }: Command): [Key, got: boolean] {
    const same: Key = { state, known }
    const isKnown = nonces && known.includes(nonce)
    const mine = nonces && known[0] === nonce
    const after = (next: Key['state']): Key => ({ state: next, known: [nonce, ...known] })
    switch (kind) {
      case 'take':
        if (state === 'spent') return [same, mine]
        return state === 'live' && !isKnown ? [after('spent'), true] : [same, false]
      case 'put back':
        return isKnown ? [same, false] : [after('live'), false]
      case 'cancel':
        // Without nonces nobody can tell whose the mark is.
        if (state === 'spent' && (mine || !nonces)) return [{ state: 'live', known }, false]
        return [isKnown || !nonces ? same : { state, known: [...known.slice(0, 1), nonce, ...known.slice(1)] }, false]
    }
  }

  const send = (kind: Kind, nonce: string): Command => ({ kind, nonce, heard: true })

  /** What may happen next, in words and as what comes of it. */
  function* steps({ key, posts: all, accepted, cuts: left }: State): Generator<[string, State]> {
    for (const [i, post] of all.entries()) {
      const become = (change: Partial<Post>, more: Partial<State> = {}): State => ({
        key,
        accepted,
        cuts: left,
        ...more,
        posts: all.map((one, n) => (n === i ? { ...post, ...change } : one)),
      })
      if (post.stage === 'new') yield [`${i} takes`, become({ stage: 'taking', flying: [send('take', `t${i}`)] })]
      if (post.stage === 'judging') {
        yield [`${i} passes`, become({ stage: 'ended' }, { accepted: accepted + 1 })]
        yield [`${i} is refused`, become({ stage: 'ended' })]
        const back = [...post.flying, send('put back', `p${i}`)]
        yield [`${i} gets no verdict`, become({ stage: 'putting back', flying: back })]
      }
      if (post.stage === 'taking') {
        // Nobody waits any longer; what it took goes back, whenever its answer comes.
        const unheard = post.flying.map((one) => ({ ...one, heard: false }))
        yield [`${i} gives up`, become({ stage: 'ended', flying: [...unheard, send('cancel', `t${i}`)] })]
      }
      for (const [n, command] of post.flying.entries()) {
        const others = post.flying.filter((_, m) => m !== n)
        if (command.heard && left > 0) {
          // Its bytes may be at the server already, or on their way, when the client sends them again.
          const both = [...others, { ...command, heard: false }, command]
          yield [`${i} sends ${command.kind} again`, become({ flying: both }, { cuts: left - 1 })]
        }
        const [now, got] = carryOut(key, command)
        const words = `${i}’s ${command.kind} arrives`
        const answered = command.heard && command.kind === 'take' && post.stage === 'taking'
        const stage: Stage = answered ? (got ? 'judging' : 'ended') : post.stage
        yield [words, become({ stage, flying: others }, { key: now })]
        // A copy whose connection is cut may also never arrive.
        if (!command.heard) yield [`${i}’s ${command.kind} is lost`, become({ flying: others })]
      }
    }
  }

  const first: State = {
    key: { state: 'live', known: ['n'] },
    posts: Array.from({ length: posts }, () => ({ stage: 'new', flying: [] })),
    accepted: 0,
    cuts,
  }
  const seen = new Set<string>()
  const open: { readonly state: State; readonly from: number; readonly step: string }[] = [
    { state: first, from: -1, step: '' },
  ]
  let worst = 0
  // From the beginning on, step by step, so that the first trace is the shortest.
  for (let at = 0; at < open.length; at++) {
    const state = (open[at] as (typeof open)[0]).state
    if (state.accepted > (open[worst] as (typeof open)[0]).state.accepted) worst = at
    if (state.accepted > 1) break
    for (const [step, next] of steps(state)) {
      const name = JSON.stringify(next)
      if (seen.has(name)) continue
      seen.add(name)
      open.push({ state: next, from: at, step })
    }
  }
  const trace: string[] = []
  for (let at = worst; at > 0; at = (open[at] as (typeof open)[0]).from)
    trace.unshift((open[at] as (typeof open)[0]).step)
  return { accepted: (open[worst] as (typeof open)[0]).state.accepted, states: seen.size, trace }
}
