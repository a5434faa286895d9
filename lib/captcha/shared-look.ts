import type { Cause } from '../cloud'

/** That long, in milliseconds, a cloud that answered needs no second look. */
const FRESH_MS = 1000

/** Looks at the cloud, once for all who ask at the same time or shortly after it has answered. */
export function sharedLook(look: () => Promise<Cause | undefined>, now: () => number): typeof look {
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

  return () => {
    if (underWay === undefined && isFresh()) return Promise.resolve(undefined)
    underWay ??= lookNow()
    return underWay
  }
}
