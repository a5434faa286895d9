import { asText, type Redis, type Subscription } from './redis'

/** What is published under a channel, by topic. */
export interface News {
  watch(topic: string, listener: () => void): () => void
  close(): void
}

/** One connection for all who watch: opened for the first, closed with the last, and with the client that it belongs to. */
export function createNews(redis: Redis, channel: string): News {
  const watchers = new Set<{ readonly topic: string; readonly listener: () => void }>()
  let subscription: Subscription | undefined
  let unfollow: (() => void) | undefined

  /** @param topic absent: anything may have been missed */
  function tell(topic?: string): void {
    for (const one of watchers) if (topic === undefined || topic === one.topic) one.listener()
  }

  function open(): void {
    if (subscription !== undefined || !redis.ready) return
    subscription = redis.subscribe(channel, { message: (text) => tell(asText(text)), listening: () => tell(), refused })
  }

  function shut(): void {
    subscription?.close()
    subscription = undefined
  }

  function close(): void {
    watchers.clear()
    unfollow?.()
    unfollow = undefined
    shut()
  }

  /** A connection that broke meanwhile is heard of anyway, when it is back. */
  function refused(error: unknown): void {
    if (!(error instanceof Error) || !/^[A-Z]+ /.test(error.message)) return
    process.emitWarning(
      `express-geetest: RedisStore may not subscribe to ${channel}, so news of other nodes arrives late (${error.message}); ` +
        `allow it: ACL SETUSER <name> &${channel}`,
      { code: 'GEETEST_REDIS_SUBSCRIBE' },
    )
  }

  return {
    watch(topic, listener) {
      const watcher = { topic, listener }
      watchers.add(watcher)
      unfollow ??= redis.follow(open, shut)
      open()
      return () => {
        if (watchers.delete(watcher) && watchers.size === 0) close()
      }
    },
    close,
  }
}
