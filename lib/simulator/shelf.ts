/** What the cloud remembers for a while, by name; the oldest goes first where room is short. */
export interface Shelf<Item> {
  readonly items: readonly Item[]
  put(name: string, item: Item): void
  /** What was put there, however old it is. */
  get(name: string): Item | undefined
  /** Whether it is younger than the lifetime. */
  isAlive(item: Item | undefined): item is Item
}

export interface ShelfParts<Item> {
  readonly now: () => number
  readonly bornAt: (item: Item) => number
  /** How long what has died is still remembered, in ms. Default 0. */
  readonly memory?: number
  readonly onForget?: (item: Item) => void
}

/** A challenge lives ten minutes, in either version (protocol 1.8, 6.1). */
const LIFETIME_MS = 600_000
const MOST_ITEMS = 100_000

export function createShelf<Item>({ now, bornAt, memory = 0, onForget }: ShelfParts<Item>): Shelf<Item> {
  const items = new Map<string, Item>()
  const isYounger = (item: Item, ms: number): boolean => now() - bornAt(item) < ms

  function makeRoom(): void {
    for (const [name, item] of items) {
      if (isYounger(item, LIFETIME_MS + memory) && items.size < MOST_ITEMS) return
      items.delete(name)
      onForget?.(item)
    }
  }

  return {
    get items() {
      return [...items.values()]
    },
    put(name, item) {
      makeRoom()
      items.set(name, item)
    },
    get: (name) => items.get(name),
    isAlive: (item): item is Item => item !== undefined && isYounger(item, LIFETIME_MS),
  }
}
