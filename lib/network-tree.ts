/** A network that holds something: at the root the widest, below it those within. */
export interface NetworkNode<T = unknown> {
  readonly label: string | number
  readonly parent: NetworkNode<T> | undefined
  /** How many it holds, with all within. */
  held: number
  /** Neighbours: of a root those that hold as many, of others those within the same network. */
  before: NetworkNode<T> | undefined
  after: NetworkNode<T> | undefined
  /** One of the networks within; the others are its neighbours. */
  within: NetworkNode<T> | undefined
  /** What it holds, from the first to the last, where whoever counts wants to find that again. */
  oldest: T | undefined
  newest: T | undefined
}

const IPV4 = /^(\d+\.\d+\.\d+)\.(\d+)$/
const SLASH_64 = /^([0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{1,4}):([0-9a-f]{1,4})$/

/**
 * A network as `networkOf` writes it, from the widest down: an IPv4 address in its /24; a /64 in its /56 and /48. One network has at
 * most 256 within. Any other text is one by itself.
 */
function pathOf(network: string): readonly [string, ...number[]] {
  const address = IPV4.exec(network)
  if (address) return [String(address[1]), Number(address[2])]
  const slash64 = SLASH_64.exec(network)
  if (!slash64) return [network]
  const rest = Number.parseInt(String(slash64[2]), 16)
  return [String(slash64[1]), rest >> 8, rest & 255]
}

/**
 * How many each network holds, at every level at once, and which holds the most: whoever has a whole /48 is one customer, and so is
 * whoever has one address of a /24. Every step costs the same however many networks there are; one that holds nothing is forgotten.
 */
export class NetworkTree<T = never> {
  readonly #roots = new Map<string, NetworkNode<T>>()
  /** By how many they hold: the root that came to it first, and last. */
  readonly #first: (NetworkNode<T> | undefined)[] = [undefined]
  readonly #last: (NetworkNode<T> | undefined)[] = [undefined]
  #most = 0

  /** Counts one more of this network; returns its node, for `remove`. */
  add(network: string): NetworkNode<T> {
    const [top, ...labels] = pathOf(network)
    let node = this.#roots.get(top) ?? this.#root(top)
    this.#resize(node, 1)
    for (const label of labels) {
      node = childOf(node, label) ?? born(node, label)
      node.held += 1
    }
    return node
  }

  /** Counts one less. */
  remove(node: NetworkNode<T>): void {
    for (let at = node; ; at = at.parent) {
      if (at.parent === undefined) return this.#resize(at, -1)
      at.held -= 1
      if (at.held === 0) orphan(at)
    }
  }

  /** How many are held by the network itself, and by those around it, as far as they hold anything. */
  held(network: string): number[] {
    const [top, ...labels] = pathOf(network)
    const counts: number[] = []
    let node = this.#roots.get(top)
    for (let i = 0; node !== undefined; i++) {
      counts.push(node.held)
      const label = labels[i]
      node = label === undefined ? undefined : childOf(node, label)
    }
    return counts
  }

  /** Of the widest network that holds the most, the narrowest that does. */
  largest(): NetworkNode<T> | undefined {
    while (this.#most > 0 && this.#first[this.#most] === undefined) this.#most -= 1
    let node = this.#first[this.#most]
    while (node?.within !== undefined) node = largestOf(node.within)
    return node
  }

  #root(label: string): NetworkNode<T> {
    const node = nodeOf<T>(label, undefined)
    this.#roots.set(label, node)
    return node
  }

  #resize(root: NetworkNode<T>, by: 1 | -1): void {
    if (root.held > 0) this.#leave(root)
    root.held += by
    if (root.held === 0) this.#roots.delete(String(root.label))
    else this.#join(root)
  }

  #join(root: NetworkNode<T>): void {
    const count = root.held
    const last = this.#last[count]
    root.before = last
    root.after = undefined
    if (last) last.after = root
    else this.#first[count] = root
    this.#last[count] = root
    if (count > this.#most) this.#most = count
  }

  #leave(root: NetworkNode<T>): void {
    const { held: count, before, after } = root
    if (before) before.after = after
    else this.#first[count] = after
    if (after) after.before = before
    else this.#last[count] = before
  }
}

const nodeOf = <T>(label: string | number, parent: NetworkNode<T> | undefined): NetworkNode<T> => ({
  label,
  parent,
  held: 0,
  before: undefined,
  after: undefined,
  within: undefined,
  oldest: undefined,
  newest: undefined,
})

function childOf<T>(parent: NetworkNode<T>, label: number): NetworkNode<T> | undefined {
  let node = parent.within
  while (node !== undefined && node.label !== label) node = node.after
  return node
}

function born<T>(parent: NetworkNode<T>, label: number): NetworkNode<T> {
  const node = nodeOf(label, parent)
  node.after = parent.within
  if (parent.within) parent.within.before = node
  parent.within = node
  return node
}

function orphan<T>(node: NetworkNode<T>): void {
  const { before, after, parent } = node
  if (before) before.after = after
  else if (parent) parent.within = after
  if (after) after.before = before
}

/** Where several hold as many, the one that came first: new ones are put in front. */
function largestOf<T>(first: NetworkNode<T>): NetworkNode<T> {
  let largest = first
  for (let node: NetworkNode<T> | undefined = first; node !== undefined; node = node.after) {
    if (node.held >= largest.held) largest = node
  }
  return largest
}
