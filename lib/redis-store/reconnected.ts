import { ignore, type Redis } from './redis'

/** Calls back, once, when the client is connected again; returns the way to call that off. Listens only while somebody waits. */
export interface Reconnected {
  once(act: () => void): () => void
}

export function createReconnected(redis: Pick<Redis, 'follow'>): Reconnected {
  const waiting = new Set<() => void>()
  let unfollow = ignore

  function leave(act: () => void): void {
    if (waiting.delete(act) && waiting.size === 0) unfollow()
  }

  function tell(): void {
    const all = [...waiting]
    waiting.clear()
    unfollow()
    for (const act of all) act()
  }

  return {
    once(act) {
      if (waiting.size === 0) unfollow = redis.follow(tell, ignore)
      waiting.add(act)
      return () => leave(act)
    },
  }
}
