import type { Lost } from '../cloud'

/** That long, in milliseconds, a cloud that answered needs no second look. */
const FRESH_MS = 1000

/** What a look has found: why the cloud does not answer as it should, or nothing; and whether it was made by somebody else. */
export interface Looked {
  readonly lost: Lost | undefined
  readonly shared: boolean
}

/** Looks at the cloud, once for all who ask at the same time or shortly after it has answered. */
export function sharedLook(look: () => Promise<Lost | undefined>, now: () => number): () => Promise<Looked> {
  let underWay: Promise<Lost | undefined> | undefined
  let answered = -Infinity

  /** A clock that was set back makes nothing last. */
  const isFresh = (): boolean => now() >= answered && now() - answered < FRESH_MS

  async function lookNow(): Promise<Lost | undefined> {
    const lost = await look()
    underWay = undefined
    answered = lost === undefined ? now() : -Infinity
    return lost
  }

  return async () => {
    if (underWay !== undefined) return { lost: await underWay, shared: true }
    if (isFresh()) return { lost: undefined, shared: true }
    underWay = lookNow()
    return { lost: await underWay, shared: false }
  }
}
