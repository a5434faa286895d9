import { follow, ignore, type Events, type Redis } from './redis'
import { byName } from './script'

/** What is called on a client of ioredis (5 and 6): a `Redis` or a `Cluster`. */
export interface IoRedis extends Events {
  readonly status: string
  readonly isCluster: boolean
  get(key: string): Promise<unknown>
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>
  evalsha(sha: string, keys: number, ...args: string[]): Promise<unknown>
  duplicate(...overrides: object[]): IoRedisSubscriber
}

interface IoRedisSubscriber extends IoRedis {
  /** The socket, once there is one; a cluster has several and shows none. */
  readonly stream?: { unref?(): void }
  subscribe(channel: string): Promise<unknown>
  disconnect(): void
}

/** For a `Redis` and for a `Cluster`: as soon as it is lost it has ended, and what is queued waits for the first connection only. */
const SUBSCRIBER = {
  retryStrategy: () => null,
  clusterRetryStrategy: () => null,
  enableOfflineQueue: true,
  lazyConnect: false,
  // Closed while it has no connection, it would keep the process alive for that long; the default is two seconds.
  disconnectTimeout: 100,
}

export function ioRedis(client: IoRedis): Redis {
  return {
    get ready() {
      // `wait` is a client told to connect with its first command.
      return client.status === 'ready' || client.status === 'wait'
    },
    get: (key) => client.get(key),
    run: (script, keys, args) => client.eval(script, keys.length, ...keys, ...args),
    call: (script, key, args) =>
      byName(
        script,
        (sha) => client.evalsha(sha, 1, key, ...args),
        () => client.eval(script.text, 1, key, ...args),
      ),
    subscribe(channel, { message, listening, lost, refused }) {
      const own = client.isCluster ? client.duplicate([], SUBSCRIBER) : client.duplicate(SUBSCRIBER)
      own.on('error', ignore)
      own.on('connect', () => own.stream?.unref?.())
      own.on('message', (_channel, text) => message(String(text)))
      own.on('end', lost)
      own.subscribe(channel).then(listening, refused)
      return { close: () => own.disconnect() }
    },
    follow: (connected, closed) => follow(client, connected, closed),
  }
}
