/** How often each name was noted lately: in the last `span` milliseconds, and in at most as many before them. */
export interface Lately {
  readonly of: (name: string) => number
  readonly note: (name: string) => void
  /** Forgets what is too old. @returns whether anything was forgotten */
  readonly turn: () => boolean
}

export interface LatelyParts {
  readonly now: () => number
  readonly span: number
  /** Most names of one span; with more of them it is a shorter one. */
  readonly most: number
}

/** Two generations: each name costs one entry in each, and forgetting costs nothing. */
export function createLately({ now, span, most }: LatelyParts): Lately {
  let current = new Map<string, number>()
  let previous = current
  let begun = now()

  return {
    of: (name) => (current.get(name) ?? 0) + (previous === current ? 0 : (previous.get(name) ?? 0)),
    note: (name) => void current.set(name, (current.get(name) ?? 0) + 1),
    turn() {
      const age = now() - begun
      // A clock that was set back makes nothing last.
      if (age >= 0 && age < span && current.size < most) return false
      const isOld = age < 0 || age >= 2 * span
      const fresh = new Map<string, number>()
      previous = isOld ? fresh : current
      current = fresh
      begun = now()
      return true
    },
  }
}
