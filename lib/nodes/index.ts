import { hostname } from 'node:os'
import { sha256 } from '../digest'
import type { Board } from '../outage'
import { version as packageVersion } from '../version'
import { compare, isCard, type Card, type Difference, type Found, type Heard, type SceneCard } from './card'

export { differences, fingerprint, sceneCard, type Difference } from './card'

/** The nodes of a site that share a store, as one of them sees them. */
export interface NodesSeen {
  /** How many tell of themselves, this one included. */
  readonly seen: number
  /** In what they differ, and must not. */
  readonly differ: readonly Difference[]
}

/** One scene's view of them. */
export interface Nodes {
  readonly seen: () => NodesSeen
  /** Tells nobody of this scene any more. */
  readonly leave: () => void
}

export interface NodesParts {
  readonly board: Pick<Board, 'read' | 'post'>
  /** What a store is reached through: what shares one is one node. */
  readonly owner: object
  readonly prefix: string
  readonly captchaId: string
  readonly site: string
  readonly scene: string
  readonly card: SceneCard
  readonly now: () => number
  readonly later: (ms: number, act: () => void) => () => void
  readonly random: (size: number) => Buffer
  /** Told whenever what differs has changed. */
  readonly onChange: (found: readonly Found[]) => void
}

/** A node tells of itself so often, in milliseconds, and with many nodes a little less often. */
const EVERY_MS = 3_000
const EVERY_MS_A_NODE = 200
/** Who has told nothing new for so many turns has ended. */
const MISSED_TURNS = 4
/** What is told holds for so long where nobody tells anything any more. */
const HOLDS_MS = 60_000
/** More nodes than any site has; others' words must not fill a store. */
const MOST_NODES = 200

interface Watcher {
  readonly scene: string
  readonly card: SceneCard
  readonly onChange: (found: readonly Found[]) => void
  found: readonly Found[]
}

/** What is the same for all plugins of this process that share a store and a captcha id. */
interface Node {
  readonly watchers: Set<Watcher>
  readonly heard: () => readonly Heard[]
  readonly begin: () => void
  readonly end: () => void
}

const known = new WeakMap<object, Map<string, Node>>()

/** Joins the nodes that share this store; their words are compared every few seconds, and nothing is said where they are equal. */
export function joinNodes(parts: NodesParts): Nodes {
  const { owner, captchaId, site, scene, card, onChange } = parts
  const topic = `nodes:${sha256(`${captchaId} ${site}`).slice(0, 16)}`
  const nodes = known.get(owner) ?? new Map<string, Node>()
  known.set(owner, nodes)
  const key = `${topic} ${parts.prefix}`
  const node = nodes.get(key) ?? createNode(parts, topic)
  nodes.set(key, node)
  const watcher: Watcher = { scene, card, onChange, found: [] }
  node.watchers.add(watcher)
  node.begin()
  return {
    seen: () => ({ seen: node.heard().length, differ: watcher.found.map(({ what }) => what) }),
    leave() {
      node.watchers.delete(watcher)
      if (node.watchers.size > 0) return
      node.end()
      nodes.delete(key)
    },
  }
}

function createNode({ board, prefix, now, later, random }: NodesParts, topic: string): Node {
  const id = random(8).toString('hex')
  const name = `${hostname()
    .replaceAll(/[^\w.-]/g, '')
    .slice(0, 60)}:${process.pid}`
  const watchers = new Set<Watcher>()
  /** When, in turns of this node, each other was last heard with something new. */
  const others = new Map<string, { heard: Heard; turn: number }>()
  let turn = 0
  let running = false
  let cancel: (() => void) | undefined

  const own = (): Card => ({
    id,
    name,
    beat: turn,
    at: now(),
    package: packageVersion,
    prefix,
    scenes: Object.fromEntries([...watchers].map(({ scene, card }) => [scene, card])),
  })
  const heard = (): Heard[] => [{ card: own(), ahead: 0 }, ...[...others.values()].map((other) => other.heard)]

  function hear(text: string | undefined): void {
    for (const card of cardsOf(text)) {
      const before = others.get(card.id)
      if (card.id === id || before?.heard.card.beat === card.beat) continue
      // A card that was there before this node may be as old as words hold; only one that changes tells the time.
      const ahead = before === undefined ? 0 : card.at - now()
      others.set(card.id, { heard: { card, ahead }, turn })
    }
    for (const [other, last] of others) if (turn - last.turn > MISSED_TURNS) others.delete(other)
  }

  async function take(): Promise<void> {
    turn += 1
    try {
      hear(await board.read(topic))
      if (!running) return
      const cards = heard().map(({ card }) => card)
      await board.post(topic, JSON.stringify(cards.slice(0, MOST_NODES)), HOLDS_MS)
    } catch {
      // A store that fails is told of by those who need it. Whoever cannot be heard is no longer compared, turn by turn.
      hear(undefined)
    }
    if (!running) return
    for (const watcher of watchers) judge(watcher)
    cancel = later(EVERY_MS + EVERY_MS_A_NODE * others.size, () => void take())
  }

  function judge(watcher: Watcher): void {
    const found = compare(heard(), watcher.scene)
    const changed = kinds(found) !== kinds(watcher.found)
    watcher.found = found
    if (changed) watcher.onChange(found)
  }

  return {
    watchers,
    heard,
    begin() {
      if (running) return
      running = true
      // Behind this turn, in which a process makes all its plugins: a node must not be heard with half of its scenes.
      setImmediate(() => void (running && take())).unref()
    },
    end() {
      running = false
      cancel?.()
    },
  }
}

const kinds = (of: readonly Found[]): string => of.map(({ what }) => what).join()

function cardsOf(text: string | undefined): Card[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.slice(0, MOST_NODES).filter(isCard) : []
  } catch {
    return []
  }
}
