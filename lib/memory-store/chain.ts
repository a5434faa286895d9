/** What can hang in a chain; each in one at a time. */
export interface Link<T> {
  older: T | undefined
  newer: T | undefined
}

/**
 * Links from the oldest to the newest; every step costs the same, however many there are. The order of a Map would do, but finding
 * its first means passing over everything that was deleted before it.
 */
export class Chain<T extends Link<T>> {
  #oldest: T | undefined
  #newest: T | undefined

  get oldest(): T | undefined {
    return this.#oldest
  }

  append(link: T): void {
    link.older = this.#newest
    if (this.#newest) this.#newest.newer = link
    else this.#oldest = link
    this.#newest = link
  }

  remove(link: T): void {
    if (link.older) link.older.newer = link.newer
    else this.#oldest = link.newer
    if (link.newer) link.newer.older = link.older
    else this.#newest = link.older
    link.older = link.newer = undefined
  }
}
