import type { Board } from '../outage'
import type { Ask } from './asking'
import { createNews } from './news'
import { asText, type Redis } from './redis'
import { LEASE, POST } from './scripts'

export interface BoardParts {
  readonly redis: Redis
  readonly ask: Ask
  readonly prefix: string
  readonly later: (ms: number, act: () => void) => () => void
}

/** The board over keys that expire by themselves, and a channel for the news. */
export function createBoard({ redis, ask, prefix, later }: BoardParts): Board & { close(): void } {
  const channel = `${prefix}news`
  const news = createNews({ redis, channel, later })
  // The braces are Redis Cluster's: whatever is between them decides where a key lives, so a topic's keys live together.
  const key = (topic: string, what: 'text' | 'fences' | 'lease'): string => `${prefix}board:{${topic}}:${what}`

  return {
    read: async (topic) => asText(await ask(() => redis.get(key(topic, 'text')))),
    async post(topic, text, ms, fence) {
      const keys = [key(topic, 'text'), key(topic, 'fences')]
      const args = [channel, topic, fence === undefined ? '' : String(fence), whole(ms)]
      const stands = await ask(() => redis.run(POST, keys, text === undefined ? args : [...args, text]))
      return Number(stands) === 1
    },
    async lease(topic, ms) {
      const fence = await ask(() => redis.run(LEASE, [key(topic, 'lease'), key(topic, 'fences')], [whole(ms)]))
      return fence === null ? undefined : Number(fence)
    },
    watch: (topic, listener) => news.watch(topic, listener),
    close: () => news.close(),
  }
}

/** Milliseconds as Redis takes them. */
const whole = (ms: number): string => String(Math.max(1, Math.ceil(ms)))
