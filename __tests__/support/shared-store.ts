import { MemoryStore } from '../../lib'
import type { Board } from '../../lib/outage'

/** A store that several nodes share, with a board, in memory and on a clock of the test's own. */
export class SharedStore extends MemoryStore implements Board {
  /** How many times each method of the board was called. */
  readonly asked = { read: 0, post: 0, lease: 0 }
  /** What the board does instead of answering, if anything: nothing, or failing. */
  trouble?: 'hangs' | 'fails'
  /** Whether news is lost on its way. */
  silent = false
  readonly #now: () => number
  readonly #words = new Map<string, { text: string; until: number }>()
  readonly #fences = new Map<string, number>()
  readonly #newest = new Map<string, number>()
  readonly #leases = new Map<string, number>()
  readonly #watchers = new Map<string, Set<() => void>>()

  constructor(now: () => number) {
    super({ now })
    this.#now = now
  }

  read(topic: string): Promise<string | undefined> {
    return this.#answer('read', () => {
      const word = this.#words.get(topic)
      return word && word.until > this.#now() ? word.text : undefined
    })
  }

  post(topic: string, text: string | undefined, ms: number, fence = this.#fence(topic)): Promise<boolean> {
    return this.#answer('post', () => {
      if (fence < (this.#newest.get(topic) ?? 0)) return false
      this.#newest.set(topic, fence)
      if (text === undefined) this.#words.delete(topic)
      else this.#words.set(topic, { text, until: this.#now() + ms })
      if (!this.silent) for (const tell of this.#watchers.get(topic) ?? []) tell()
      return true
    })
  }

  lease(topic: string, ms: number): Promise<number | undefined> {
    return this.#answer('lease', () => {
      if ((this.#leases.get(topic) ?? 0) > this.#now()) return undefined
      this.#leases.set(topic, this.#now() + ms)
      return this.#fence(topic)
    })
  }

  watch(topic: string, listener: () => void): () => void {
    const watchers = this.#watchers.get(topic) ?? new Set()
    this.#watchers.set(topic, watchers.add(listener))
    return () => void watchers.delete(listener)
  }

  #fence(topic: string): number {
    const next = (this.#fences.get(topic) ?? 0) + 1
    this.#fences.set(topic, next)
    return next
  }

  #answer<T>(method: keyof SharedStore['asked'], act: () => T): Promise<T> {
    this.asked[method] += 1
    if (this.trouble === 'hangs') return new Promise(() => undefined)
    return this.trouble === 'fails' ? Promise.reject(new Error('connection lost')) : Promise.resolve(act())
  }
}
