/** Keeps the first of many at hand, in an order that changes: O(log n) for each change. */
export class Heap<T extends object> {
  readonly #items: T[] = []
  readonly #places = new Map<T, number>()
  readonly #isBefore: (one: T, other: T) => boolean

  constructor(isBefore: (one: T, other: T) => boolean) {
    this.#isBefore = isBefore
  }

  get first(): T | undefined {
    return this.#items[0]
  }

  /** Adds it, or moves it to where it belongs by now. */
  put(item: T): void {
    this.#settle(item, this.#places.get(item) ?? this.#items.push(item) - 1)
  }

  remove(item: T): void {
    const place = this.#places.get(item)
    if (place === undefined) return
    this.#places.delete(item)
    const last = this.#items.pop() as T
    if (last !== item) this.#settle(last, place)
  }

  /** Finds the order anew, where it may have changed for all. */
  rebuild(): void {
    this.#items.sort((one, other) => (this.#isBefore(one, other) ? -1 : 1))
    this.#items.forEach((item, place) => this.#places.set(item, place))
  }

  /** Up while it comes before what is above it, then down while something below comes before it. */
  #settle(item: T, place: number): void {
    let here = place
    while (here > 0 && this.#isBefore(item, this.#at((here - 1) >> 1))) here = this.#lift(here, (here - 1) >> 1)
    for (let below = this.#below(here); below !== undefined; below = this.#below(here)) {
      if (!this.#isBefore(this.#at(below), item)) break
      here = this.#lift(here, below)
    }
    this.#items[here] = item
    this.#places.set(item, here)
  }

  /** Moves what is at `from` to the free place `to`. @returns the place that is free now */
  #lift(to: number, from: number): number {
    const item = this.#at(from)
    this.#items[to] = item
    this.#places.set(item, to)
    return from
  }

  /** The place of whichever comes first of the two below. */
  #below(place: number): number | undefined {
    const left = 2 * place + 1
    if (left >= this.#items.length) return undefined
    const right = left + 1
    return right < this.#items.length && this.#isBefore(this.#at(right), this.#at(left)) ? right : left
  }

  #at(place: number): T {
    return this.#items[place] as T
  }
}
