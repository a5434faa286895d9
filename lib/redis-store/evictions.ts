/** As long as anything is kept that a challenge has left, in milliseconds; what was evicted before that would be gone by now. */
const KEPT_MS = 1_500_000
/** The servers of a cluster, and what took the place of those that were restarted. */
const MOST_SERVERS = 64

/** Whether Redis has made room, under `maxmemory`, at the expense of what it was told to keep. */
export interface Evictions {
  /**
   * @param server its run id; @param evicted keys that it has evicted since its start, or -1; @param time of its own clock, in ms
   * @returns whether nothing that would still be there can be missing
   */
  look(server: string, evicted: number, time: number): boolean
}

/** Goes by the server's own count of evicted keys. When they were evicted it does not say: it may have been just before it is asked. */
export function createEvictions(): Evictions {
  const servers = new Map<string, { evicted: number; at: number }>()
  return {
    look(server, evicted, time) {
      if (!(evicted >= 0)) return false
      // One that takes another's place, or is the same after a restart, has counted nothing of what is missing in it.
      const latest = Math.max(-Infinity, ...[...servers.values()].map(({ at }) => at))
      const { evicted: before, at } = servers.get(server) ?? { evicted: 0, at: latest }
      const changed = evicted === before ? at : time
      servers.delete(server)
      servers.set(server, { evicted, at: changed })
      const [oldest] = servers.keys()
      if (servers.size > MOST_SERVERS && oldest !== undefined) servers.delete(oldest)
      return time - changed >= KEPT_MS
    },
  }
}
