import { Heap } from './heap'
import type { Lately } from './lately'

/** Whoever has calls under way or waits for some: a network with all that is in it, or one call that waits. */
interface Party {
  /** Calls under way. */
  held: number
  /** Calls that have ended lately, while calls were short. */
  lately: number
  /** Calls that wait. */
  waiting: number
  /** Which of all who wait came first. */
  since: number
  /** Asks for the plugin itself, and gives way to everybody. */
  readonly isOwn: boolean
}

/** Whose turn it is: whoever holds the least, of those whoever had the least lately, of those whoever came first. */
const isDueBefore = (one: Party, other: Party): boolean => {
  if (one.isOwn !== other.isOwn) return other.isOwn
  return (one.held - other.held || one.lately - other.lately || one.since - other.since) < 0
}

/** Who is sent away first: whoever asks for the most, of those whoever had the most, of those whoever came last. */
const isRefusedBefore = (one: Party, other: Party): boolean => {
  if (one.isOwn !== other.isOwn) return one.isOwn
  const had = one.held + one.lately - (other.held + other.lately)
  return (one.waiting - other.waiting || had || one.since - other.since) > 0
}

/** One network, or what stands for one; the networks within it, or the calls that wait in it. */
export class Network implements Party {
  held = 0
  waiting = 0
  since = 0
  lately: number
  readonly isOwn: boolean
  readonly name: string
  /** The next wider one. */
  readonly around: Network | undefined
  readonly members = new Map<string, Network>()
  // Made for those alone in which somebody waits.
  due: Heap<Network | Waiter> | undefined
  refused: Heap<Network | Waiter> | undefined

  constructor(name: string, around: Network | undefined, lately: number, isOwn: boolean) {
    this.name = name
    this.around = around
    this.lately = lately
    this.isOwn = isOwn
  }

  /** Puts one of those who wait in it where it belongs by now. */
  place(member: Network | Waiter): void {
    this.due ??= new Heap<Network | Waiter>(isDueBefore)
    this.refused ??= new Heap<Network | Waiter>(isRefusedBefore)
    this.due.put(member)
    this.refused.put(member)
  }

  drop(member: Network | Waiter): void {
    this.due?.remove(member)
    this.refused?.remove(member)
  }
}

/** A call that waits. */
export class Waiter implements Party {
  readonly held = 0
  readonly lately = 0
  readonly waiting = 1
  readonly isOwn = false
  readonly since: number
  readonly network: Network
  /** Told whether its turn has come, or it is sent away. */
  readonly tell: (begins: boolean) => void

  constructor(network: Network, since: number, tell: (begins: boolean) => void) {
    this.network = network
    this.since = since
    this.tell = tell
  }
}

/**
 * Everybody who has calls under way or waits, as a tree of networks, the widest ones at its root. What one network holds, those around it
 * hold as well; so whoever has a whole /48 is one, and within it the /64 that asks for the least goes first.
 */
export class Crowd {
  readonly #lately: Lately
  readonly #root: Network

  constructor(lately: Lately) {
    this.#lately = lately
    this.#root = new Network('', undefined, 0, false)
  }

  get held(): number {
    return this.#root.held
  }

  get waiting(): number {
    return this.#root.waiting
  }

  /** The narrowest of these networks; known to the crowd until nothing in it is held or waits. @param path the widest first */
  find(path: readonly string[], isOwn: boolean): Network {
    return path.reduce((around, name) => {
      const known = around.members.get(name)
      if (known !== undefined) return known
      const network = new Network(name, around, this.#lately.of(name), isOwn)
      around.members.set(name, network)
      return network
    }, this.#root)
  }

  /** How many calls are under way in the widest network around this one. */
  heldAround(network: Network): number {
    return this.#widest(network).held
  }

  begin(network: Network): void {
    this.#change(network, (one) => (one.held += 1))
  }

  /** @param noted whether it counts as what this network had lately */
  end(network: Network, noted: boolean): void {
    if (noted) this.#turn()
    this.#change(network, (one) => {
      one.held -= 1
      if (!noted || one.around === undefined) return
      one.lately += 1
      this.#lately.note(one.name)
    })
  }

  join(waiter: Waiter): void {
    this.#turn()
    const { network, since } = waiter
    network.place(waiter)
    this.#change(network, (one) => {
      if (one.waiting === 0) one.since = since
      one.waiting += 1
    })
  }

  leave(waiter: Waiter): void {
    const { network } = waiter
    network.drop(waiter)
    this.#change(network, (one) => (one.waiting -= 1))
  }

  /** Whose turn it is, if anybody waits. */
  due(): Waiter | undefined {
    let party: Network | Waiter | undefined = this.#root
    while (party instanceof Network) party = party.due?.first
    return party
  }

  /** The newest of whoever asks for the most. */
  newestOfAll(): Waiter | undefined {
    return newestIn(this.#root)
  }

  /** The same in the widest network around this one, and how many wait in it. */
  newestAround(network: Network): { readonly newest: Waiter | undefined; readonly waiting: number } {
    const widest = this.#widest(network)
    return { newest: newestIn(widest), waiting: widest.waiting }
  }

  #widest(network: Network): Network {
    let one = network
    while (one.around !== undefined && one.around !== this.#root) one = one.around
    return one
  }

  /** Changes a network and all around it, and puts each where it belongs after that. */
  #change(network: Network, change: (one: Network) => void): void {
    for (let one: Network | undefined = network; one !== undefined; one = one.around) {
      change(one)
      const { around } = one
      if (around === undefined) return
      if (one.waiting > 0) around.place(one)
      else around.drop(one)
    }
  }

  /** Forgets networks of which nothing is held and nothing waits. */
  forget(network: Network): void {
    let one = network
    while (one.around !== undefined && one.held === 0 && one.waiting === 0) {
      one.around.members.delete(one.name)
      one = one.around
    }
  }

  #turn(): void {
    if (this.#lately.turn()) this.#refresh(this.#root)
  }

  #refresh(network: Network): void {
    for (const member of network.members.values()) {
      member.lately = this.#lately.of(member.name)
      this.#refresh(member)
    }
    network.due?.rebuild()
    network.refused?.rebuild()
  }
}

function newestIn(network: Network): Waiter | undefined {
  let party: Network | Waiter | undefined = network
  while (party instanceof Network) party = party.refused?.first
  return party
}
