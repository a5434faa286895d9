import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { World } from '../../world'
import { inTime, reasonOf } from './in-time'

/** What the Redis of `REDIS_URL` says of itself, or why it says nothing. */
export type RedisFacts =
  | { readonly version: string; readonly policy: string; readonly limited: boolean }
  | { readonly failed: string }
  | { readonly failed: 'no client' }

/** As much of a client of either package as is needed. */
interface Client {
  on(event: 'error', listener: () => void): unknown
  connect(): Promise<unknown>
  info(): Promise<unknown>
  destroy?(): unknown
  disconnect?(): unknown
}
type Load = (name: string) => unknown

/** Asks over whichever of the two client packages the site has. */
export async function lookAtRedis(folder: string, { env, patience }: World): Promise<RedisFacts | undefined> {
  const { REDIS_URL } = env
  if (!REDIS_URL) return undefined
  let client: Client | undefined
  try {
    client = connect(REDIS_URL, patience, createRequire(join(folder, 'package.json')))
    return client === undefined ? { failed: 'no client' } : await inTime(patience, interview(client))
  } catch (error) {
    return { failed: reasonOf(error) }
  } finally {
    end(client)
  }
}

function connect(url: string, patience: number, load: Load): Client | undefined {
  const nodeRedis = attempt(load, 'redis') as { createClient(options: object): Client } | undefined
  if (nodeRedis) {
    return nodeRedis.createClient({ url, socket: { connectTimeout: patience, reconnectStrategy: false } })
  }
  const ioredis = attempt(load, 'ioredis') as { Redis: new (url: string, options: object) => Client } | undefined
  return ioredis && new ioredis.Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 })
}

function attempt(load: Load, name: string): unknown {
  try {
    return load(name)
  } catch {
    return undefined
  }
}

async function interview(client: Client): Promise<RedisFacts> {
  let heard: unknown
  // ioredis rejects with "Connection is closed." and tells its listeners why.
  client.on('error', ((error: unknown) => (heard = error)) as () => void)
  try {
    await client.connect()
    return read(String(await client.info()))
  } catch (error) {
    throw heard ?? error
  }
}

function read(info: string): RedisFacts {
  const valueOf = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
  return {
    version: valueOf('redis_version'),
    policy: valueOf('maxmemory_policy'),
    limited: Number(valueOf('maxmemory')) > 0,
  }
}

function end(client: Client | undefined): void {
  try {
    if (client?.destroy) client.destroy()
    else client?.disconnect?.()
  } catch {
    // It never connected.
  }
}
