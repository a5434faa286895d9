import type { Cause } from '../cloud'

/** That long, in milliseconds, a cloud that answered needs no second look. */
const FRESH_MS = 1000

/** What a look has found: why the cloud does not answer as it should, or nothing; and whether it was made by somebody else. */
export interface Looked {
  readonly cause: Cause | undefined
  readonly shared: boolean
}

/** Looks at the cloud, once for all who ask at the same time or shortly after it has answered. */
export function sharedLook(look: () => Promise<Cause | undefined>, now: () => number): () => Promise<Looked> {
  let underWay: Promise<Cause | undefined> | undefined
  let answered = -Infinity

  /** A clock that was set back makes nothing last. */
  const isFresh = (): boolean => now() >= answered && now() - answered < FRESH_MS

  async function lookNow(): Promise<Cause | undefined> {
    const cause = await look()
    underWay = undefined
    answered = cause === undefined ? now() : -Infinity
    return cause
  }

  return async () => {
    if (underWay !== undefined) return { cause: await underWay, shared: true }
    if (isFresh()) return { cause: undefined, shared: true }
    underWay = lookNow()
    return { cause: await underWay, shared: false }
  }
}
