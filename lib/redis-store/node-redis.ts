import { follow, ignore, type Events, type Redis } from './redis'

/** What is called on a client of node-redis (`redis` 5 and 6, from `createClient`). */
export interface NodeRedis extends Events {
  readonly isReady: boolean
  readonly options?: { readonly socket?: object }
  get(key: string): Promise<unknown>
  set(key: string, text: string, options: object): Promise<unknown>
  del(key: string): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
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
    set: (key, text, ms) => client.set(key, text, { PX: ms }),
    del: (key) => client.del(key),
    swap: (key, text) => client.set(key, text, { XX: true, KEEPTTL: true, GET: true }),
    run: (script, keys, args) => client.eval(script, { keys: [...keys], arguments: [...args] }),
    subscribe(channel, { message, listening, lost, refused }) {
      const socket = { ...client.options?.socket, reconnectStrategy: false }
      const own = client.duplicate({ disableOfflineQueue: false, socket })
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
