import { asText, type Redis, type Subscription } from './redis'

/** What is published under a channel, by topic. */
export interface News {
  watch(topic: string, listener: () => void): () => void
  close(): void
}

/** Milliseconds until a connection is made anew that was lost by itself, while the client has one. */
const AGAIN_MS = 1000

export interface NewsParts {
  readonly redis: Redis
  readonly channel: string
  readonly later: (ms: number, act: () => void) => () => void
}

/**
 * One connection for all who watch: opened for the first, closed with the last. It comes and goes with the client that it
 * belongs to, so that nothing of ours tries to connect when the client has given up or was closed.
 */
export function createNews({ redis, channel, later }: NewsParts): News {
  const watchers = new Set<{ readonly topic: string; readonly listener: () => void }>()
  let subscription: Subscription | undefined
  let unfollow: (() => void) | undefined

  /** @param topic absent: anything may have been missed */
  function tell(topic?: string): void {
    for (const one of watchers) if (topic === undefined || topic === one.topic) one.listener()
  }

  function open(): void {
    if (subscription !== undefined || watchers.size === 0 || !redis.ready) return
    const opened = redis.subscribe(channel, {
      message: (text) => tell(asText(text)),
      listening: () => tell(),
      lost() {
        if (subscription !== opened) return
        shut()
        later(AGAIN_MS, open)
      },
      refused,
    })
    subscription = opened
  }

  function shut(): void {
    subscription?.close()
    subscription = undefined
  }

  /** The client was cut off, and so were we, whether we have noticed or not. */
  function reopen(): void {
    shut()
    open()
  }

  function close(): void {
    watchers.clear()
    unfollow?.()
    unfollow = undefined
    shut()
  }

  /** A connection that broke meanwhile is made anew. */
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
      unfollow ??= redis.follow(reopen, shut)
      open()
      return () => {
        if (watchers.delete(watcher) && watchers.size === 0) close()
      }
    },
    close,
  }
}
