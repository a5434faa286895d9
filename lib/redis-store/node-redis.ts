import { follow, ignore, type Events, type Redis } from './redis'
import { byName } from './script'

/** What is called on a client of node-redis (`redis` 5 and 6, from `createClient`). */
export interface NodeRedis extends Events {
  readonly isReady: boolean
  get(key: string): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  listeners(event: string): unknown[]
  duplicate(overrides: object): NodeRedisSubscriber
}

interface NodeRedisSubscriber extends NodeRedis {
  readonly isOpen: boolean
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (text: string) => void): Promise<unknown>
  unref(): void
  destroy(): void
}

export function nodeRedis(client: NodeRedis): Redis {
  // Without a listener the first lost connection would end the process; what fails is told where it was asked.
  if (!client.listeners('error').includes(ignore)) client.on('error', ignore)
  return {
    get ready() {
      return client.isReady
    },
    get: (key) => client.get(key),
    run: (script, keys, args) => client.eval(script, { keys: [...keys], arguments: [...args] }),
    call(script, key, args) {
      const given = { keys: [key], arguments: [...args] }
      return byName(
        script,
        (sha) => client.evalSha(sha, given),
        () => client.eval(script.text, given),
      )
    },
    subscribe(channel, { message, listening, lost, refused }) {
      const own = client.duplicate({ disableOfflineQueue: false })
      // Whoever is told closes it, so that it does not try to reconnect by itself.
      own.on('error', lost)
      own.unref()
      own
        .connect()
        .then(() => own.subscribe(channel, message).then(listening, refused))
        .catch(ignore)
      return { close: () => void (own.isOpen && own.destroy()) }
    },
    follow: (connected, closed) => follow(client, connected, closed),
  }
}
